import { createHash } from "node:crypto";
import { join } from "node:path";
import { freePort } from "@metersmith/node/free-port";
import { type Home, openHome } from "@metersmith/node/home";
import { openFileLog } from "@metersmith/node/json-log";
import { MachineError } from "@metersmith/node/machine-error";
import type { Progress } from "@metersmith/node/progress";
import type { FirstLogin } from "@metersmith/site/site-config";
import { type StartCommand, UTILITY_PORT } from "./command-line.ts";
import { type FirstRun, readFirstRun, writeFirstRun } from "./first-run.ts";
import { type StartReport, welcomeText } from "./report.ts";
import { manufacturer, utility, withPassword } from "./sites.ts";
import { Interrupted, type StartSteps } from "./start-steps.ts";
import { runStory, type StoryInput } from "./story.ts";
import { type Installation, startInstallation } from "./supervisor.ts";

const METERS = 12;
/** Where C12.22 listens; one port serves both protocols of a meter. */
const METER_PORT = 1153;
const METER_HTTPS_PORT = 8443;

/** How a run ended. */
export interface Outcome {
  readonly report: StartReport;
  readonly exitCode: number;
}

/** What a run works with. */
export interface Surroundings {
  /** The project's folder. */
  readonly top: string;
  /** Of all state. */
  readonly folder: string;
  readonly databaseUrl?: string;
  readonly progress: Progress;
  readonly steps: StartSteps;
  readonly signal: AbortSignal;
}

/**
 * Starts everything, tells the first-run story where it is due, and then either ends (`once`) or serves until it is told to stop.
 * @throws Interrupted before it serves · MachineError `part-ended` and whatever keeps a part from starting; all parts are ended then.
 */
export async function run(command: StartCommand, around: Surroundings): Promise<Outcome> {
  const { top, folder, databaseUrl, progress, steps, signal } = around;
  const home = await openHome(folder);
  const before = await readFirstRun(home);
  const people = {
    utility: before.loginsShown || command.once ? [] : utility.people.map(withPassword),
    manufacturer: before.loginsShown || command.once ? [] : manufacturer.people.map(withPassword),
  };
  const story = { utility: withPassword(utility.story), manufacturer: withPassword(manufacturer.story) };
  const tellsStory = command.once || (before.story === "open" && !command.empty);
  const emptied = !command.once && (command.empty || before.story === "left-out");

  const installation = await startInstallation(
    {
      home,
      ports: await choosePorts(command),
      logins: {
        utility: tellsStory ? [...people.utility, story.utility] : people.utility,
        manufacturer: tellsStory ? [...people.manufacturer, story.manufacturer] : people.manufacturer,
      },
      meters: command.meters ?? (emptied ? 0 : METERS),
      ...(databaseUrl ? { databaseUrl } : {}),
      deviceTypesFolder: join(top, "device-types"),
      programs: {
        manufacturer: join(top, "apps/manufacturer/main.ts"),
        utility: join(top, "apps/utility/main.ts"),
        street: join(top, "apps/meters/main.ts"),
      },
      console: {
        // The bundler is loaded only where there is something to look at or to build.
        consoleSourceDigest: async () => (await import("../console/build.ts")).consoleSourceDigest(),
        buildConsole: async (outDir) => (await import("../console/build.ts")).buildConsole(outDir),
      },
      street: { base: streetBase(home.path), port: METER_PORT, httpsPort: METER_HTTPS_PORT },
    },
    steps,
    signal,
  );
  try {
    let state: FirstRun = emptied ? { ...before, story: "left-out" } : before;
    if (!command.once && !command.json) {
      process.stdout.write(`${welcomeText(installation.urls, installation.meters, before.loginsShown ? undefined : people)}\n`);
      state = { ...state, loginsShown: true };
    }
    await writeFirstRun(home, state);

    const whole = whileWhole(installation, signal);
    let meters: StartReport["meters"] = { total: installation.meters.length, programmed: 0, verified: 0 };
    if (tellsStory) {
      const { ok, ...counts } = await runStory(storyInput(top, installation, story), steps, whole);
      whole.throwIfAborted();
      if (ok) await writeFirstRun(home, { ...state, story: "done" });
      meters = counts;
    }
    const report = { ok: steps.ended.every(({ ok }) => ok), steps: steps.ended, meters };
    if (command.once) return { report, exitCode: report.ok ? 0 : 1 };

    if (command.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    progress.line("Running. Ctrl-C stops it.");
    await aborted(whole);
    if (!(whole.reason instanceof Interrupted)) throw whole.reason;
    return { report, exitCode: 0 };
  } finally {
    await stopWithLog(installation, home, progress);
  }
}

/** Aborted when the run is told to stop, or when a part ends that nobody asked to end. */
function whileWhole(installation: Installation, signal: AbortSignal): AbortSignal {
  const broken = new AbortController();
  void installation.broke.then((what) => broken.abort(new MachineError("bug", "part-ended", what)));
  return AbortSignal.any([signal, broken.signal]);
}

function storyInput(top: string, { urls, meters }: Installation, accounts: Record<"utility" | "manufacturer", FirstLogin>): StoryInput {
  return {
    utility: { url: urls.utility, ...accounts.utility },
    manufacturer: { url: urls.manufacturer, ...accounts.manufacturer },
    meters,
    examplesFolder: join(top, "examples/tariffs"),
  };
}

async function stopWithLog(installation: Installation, home: Home, progress: Progress): Promise<void> {
  progress.line("Stopping …");
  const log = openFileLog(home.file("logs", "start.log"), "start");
  await installation.stop().catch((error: unknown) => log.error("a part did not stop in order", { error }));
  log.close();
}

async function choosePorts(command: StartCommand): Promise<{ utility: number; manufacturer: number }> {
  if (command.once && command.port === undefined) return { utility: await freePort(), manufacturer: await freePort() };
  const port = command.port ?? UTILITY_PORT;
  return { utility: port, manufacturer: port + 1 };
}

/** Each home has its own part of 127/8, so that two installations on one machine do not meet. Never 127.0.x.x, where others listen. */
function streetBase(path: string): string {
  const [a = 0, b = 0] = createHash("sha256").update(path).digest();
  return `127.${1 + (a % 254)}.${b}.0`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
