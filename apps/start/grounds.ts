import { freePort } from "@metersmith/node/free-port";
import type { Home } from "@metersmith/node/home";
import { openFileLog } from "@metersmith/node/json-log";
import { isRunning, type ProcessIdentity } from "@metersmith/node/process-identity";
import { startBroker } from "@metersmith/mqtt/broker";
import { clusterFolder } from "@metersmith/postgres/cluster";
import { startPostgres } from "@metersmith/postgres/embedded";
import { useExternalPostgres } from "@metersmith/postgres/external";
import { readPostmaster } from "@metersmith/postgres/postmaster";
import type { SiteConfig } from "@metersmith/site/site-config";
import { type ConsoleBuilder, ensureConsole } from "./console-files.ts";
import { manufacturer, prepareSite, type SitePlan, utility } from "./sites.ts";
import type { StartSteps } from "./start-steps.ts";

/** What ends the parts started so far, in the order in which they started. */
export type Undo = (() => Promise<void>)[];

export interface MqttAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** What the sites and the street stand on. */
export interface Grounds {
  readonly databases: Record<SitePlan["kind"], Pick<SiteConfig, "ownerDatabaseUrl" | "databaseUrl">>;
  readonly mqtt: { readonly utility: MqttAccess; readonly street: MqttAccess };
  readonly consoleFolder: string;
  /** Each settles when a part ends that nobody asked to end; says which and where its log is. */
  readonly broke: readonly Promise<string>[];
}

/** The utility's topics; a street is one kind of concentrator. */
export const TOPICS = `ms/1/${utility.slug}`;
export const STREET = "street";

/** How soon it is noticed that PostgreSQL is gone; it may be no child of ours, so nothing tells. */
const WATCH_MS = 500;

/** Starts PostgreSQL and the broker and makes what the sites need; what ends them is added to `undo`. */
export async function layGrounds(
  plan: { readonly home: Home; readonly databaseUrl?: string; readonly console: ConsoleBuilder },
  steps: StartSteps,
  undo: Undo,
): Promise<Grounds> {
  const { home } = plan;
  const postgres = await steps.run("PostgreSQL", async () => {
    const server = plan.databaseUrl ? await useExternalPostgres(plan.databaseUrl) : await startPostgres({ folder: home.file("postgres") });
    undo.push(() => server.stop());
    return [server.how, server];
  });
  const broke = plan.databaseUrl ? [] : [postgresBroke(home, undo)];
  const databases = await steps.run("databases", async () => {
    const made = {
      manufacturer: await prepareSite(manufacturer, home, postgres.adminUrl),
      utility: await prepareSite(utility, home, postgres.adminUrl),
    };
    return [`${manufacturer.slug}, ${utility.slug}; each with an owner and an application role`, made];
  });
  const { brokerBroke, ...mqtt } = await steps.run("MQTT broker", () => startMqtt(home, undo));
  const consoleFolder = await steps.run("console", async () => {
    const { folder, built } = await ensureConsole(home, plan.console);
    return [built ? "built" : "unchanged", folder];
  });
  return { databases, mqtt, consoleFolder, broke: [...broke, brokerBroke] };
}

function postgresBroke(home: Home, undo: Undo): Promise<string> {
  const { data, log } = clusterFolder(home.file("postgres"));
  const server = readPostmaster(data)?.process;
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      if (server && isRunning(server)) return;
      clearInterval(watch);
      resolve(`PostgreSQL ended by itself${processOf(server)}; see ${log}`);
    }, WATCH_MS);
    undo.push(async () => clearInterval(watch));
  });
}

function processOf(server: ProcessIdentity | undefined): string {
  return server ? ` (process ${server.pid})` : "";
}

async function startMqtt(home: Home, undo: Undo): Promise<readonly [string, Grounds["mqtt"] & { readonly brokerBroke: Promise<string> }]> {
  const logFile = home.file("logs", "mqtt.log");
  const log = openFileLog(logFile, "mqtt");
  undo.push(async () => log.close());
  const accounts = {
    utility: { username: utility.slug, password: await home.secrets.ensure("mqtt.utility"), publish: [`${TOPICS}/+/order`], subscribe: [`${TOPICS}/#`] },
    street: {
      username: STREET,
      password: await home.secrets.ensure("mqtt.street"),
      publish: ["answer", "event", "reading", "presence"].map((kind) => `${TOPICS}/${STREET}/${kind}`),
      subscribe: [`${TOPICS}/${STREET}/order`],
    },
  };
  const broker = await startBroker({ accounts: Object.values(accounts), log, port: await freePort() });
  undo.push(() => broker.stop());
  const access = ({ username, password }: { username: string; password: string }): MqttAccess => ({ url: broker.url, username, password });
  const brokerBroke = broker.ended.then(() => `the MQTT broker ended by itself; see ${logFile}`);
  return [broker.url, { utility: access(accounts.utility), street: access(accounts.street), brokerBroke }];
}
