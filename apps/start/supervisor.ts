import { type RunningChild, startChild, stopOrphans } from "@metersmith/node/child";
import { isPortFree } from "@metersmith/node/free-port";
import type { Home } from "@metersmith/node/home";
import { takeLock } from "@metersmith/node/lock";
import { MachineError } from "@metersmith/node/machine-error";
import type { FirstLogin, SiteConfig } from "@metersmith/site/site-config";
import type { ConsoleBuilder } from "./console-files.ts";
import { type Grounds, layGrounds, STREET, TOPICS, type Undo } from "./grounds.ts";
import { dropEarlierKeys, manufacturer, siteConfig, type SitePlan, utility } from "./sites.ts";
import type { StartSteps } from "./start-steps.ts";
import type { DeliveredMeter } from "./story/meters.ts";

/** The programs that the supervisor starts, as paths. */
export interface Programs {
  readonly manufacturer: string;
  readonly utility: string;
  readonly street: string;
}

export interface InstallationPlan {
  readonly home: Home;
  /** Of the utility's and of the manufacturer's site. */
  readonly ports: { readonly utility: number; readonly manufacturer: number };
  /** Accounts to make at each site, or whose passwords to set. */
  readonly logins: { readonly utility: readonly FirstLogin[]; readonly manufacturer: readonly FirstLogin[] };
  readonly meters: number;
  readonly databaseUrl?: string;
  readonly deviceTypesFolder: string;
  readonly programs: Programs;
  readonly console: ConsoleBuilder;
  /** Where the street's meters listen: addresses from here on, one port each for all (C12, configuration over HTTPS). */
  readonly street: { readonly base: string; readonly port: number; readonly httpsPort: number };
}

/** All of Metersmith on one machine, running. */
export interface Installation {
  readonly urls: { readonly utility: string; readonly manufacturer: string };
  readonly meters: readonly DeliveredMeter[];
  /** Settles when a part ends that nobody asked to end; says which and how. */
  readonly broke: Promise<string>;
  /** Ends all parts, the last started first. */
  stop(): Promise<void>;
}

/** Starts the parts in the order in which they need each other. Where one fails, those already started are ended, and its error is thrown. */
export async function startInstallation(plan: InstallationPlan, steps: StartSteps, signal: AbortSignal): Promise<Installation> {
  const { home } = plan;
  const undo: Undo = [];
  const stop = async (): Promise<void> => {
    for (const end of undo.splice(0).toReversed()) await end();
  };
  try {
    await steps.run("state", async () => {
      const lock = await takeLock(home.file("lock"));
      undo.push(() => lock.release());
      const orphans = await stopOrphans(home.file("run"));
      return [orphans.length === 0 ? home.path : `${home.path}; ended what an earlier run had left: ${orphans.join(", ")}`, undefined];
    });
    await steps.run("ports", async () => {
      for (const port of [plan.ports.utility, plan.ports.manufacturer]) await refuseTaken(port);
      return [`${plan.ports.utility} and ${plan.ports.manufacturer} are free`, undefined];
    });
    const grounds = await layGrounds(plan, steps, undo);
    const { urls, meters, children } = await startParts(plan, grounds, steps, undo);
    signal.throwIfAborted();
    const ended = children.map(async ({ name, ended }) => `${name} ended by itself (${await ended}); see ${home.file("logs", `${name}.log`)}`);
    const broke = Promise.race([...ended, ...grounds.broke]);
    return { urls, meters, broke, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Parts extends Pick<Installation, "urls" | "meters"> {
  readonly children: readonly RunningChild<object>[];
}

/** The sites and the street need each other only once they work: they start side by side. */
async function startParts(plan: InstallationPlan, grounds: Grounds, steps: StartSteps, undo: Undo): Promise<Parts> {
  const { home } = plan;
  const { databases, mqtt, consoleFolder } = grounds;
  const children: RunningChild<object>[] = [];
  const urls = { utility: "", manufacturer: "" };
  let meters: readonly DeliveredMeter[] = [];

  async function child<Ready extends object>(name: string, config: unknown, args: readonly string[], signal: AbortSignal): Promise<Ready> {
    const program = plan.programs[name as keyof Programs];
    const logFile = home.file("logs", `${name}.log`);
    // Types are stripped and code is compiled once per version, not once per start.
    const environment = { NODE_COMPILE_CACHE: home.file("compiled") };
    const started = await startChild<Ready>({ name, program, config, args, environment, runFolder: home.file("run"), logFile }, signal);
    children.push(started);
    undo.push(() => started.stop());
    return started.ready;
  }
  async function site(which: SitePlan, signal: AbortSignal, more: Partial<Pick<SiteConfig, "mqtt">> = {}): Promise<string> {
    const { kind } = which;
    const { deviceTypesFolder } = plan;
    const config = await siteConfig(which, home, { port: plan.ports[kind], logins: plan.logins[kind], ...databases[kind], consoleFolder, deviceTypesFolder, manufacturerKeysFolder: home.file("manufacturer-keys"), ...more });
    const { url } = await child<{ url: string }>(kind, config, [], signal);
    urls[kind] = url;
    await dropEarlierKeys(which, home);
    return url;
  }
  async function street(signal: AbortSignal): Promise<string> {
    if (plan.meters === 0) return "no meters";
    const { base, port, httpsPort } = plan.street;
    const args = ["--home", home.file("street"), "--count", String(plan.meters), "--base", base, "--port", String(port), "--https-port", String(httpsPort)];
    const config = { mqtt: { ...mqtt.street, topics: `${TOPICS}/${STREET}` } };
    ({ meters } = await child<{ meters: readonly DeliveredMeter[] }>(STREET, config, args, signal));
    return `${meters.length} meters, C12.18 over TCP on ${base} and up, port ${port}`;
  }

  await steps.together("sites and street", [
    { name: "utility site", work: (signal) => site(utility, signal, { mqtt: mqtt.utility }) },
    { name: "manufacturer site", work: (signal) => site(manufacturer, signal) },
    { name: "street of meters", work: street },
  ]);
  return { urls, meters, children };
}

async function refuseTaken(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new MachineError(
    "input",
    "port-taken",
    `port ${port} is taken by another program; choose two others that follow each other, e.g. \`npm start -- --port ${port + 100}\``,
    { port },
  );
}
