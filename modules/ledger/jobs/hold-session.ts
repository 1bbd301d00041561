import type { Clock } from "@metersmith/base/clock";
import { Failure } from "@metersmith/base/errors";
import type { Log } from "@metersmith/base/log";
import { MeterClient, programMeter } from "@metersmith/client";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { type DeviceType, programPlan } from "@metersmith/programs";
import { openPsemClient } from "@metersmith/psem";
import type { Kysely } from "kysely";
import type { LedgerNeeds } from "../module.ts";
import { rebuild } from "../../authoring/rules/program-document.ts";
import { evidenceOf, reasonOf } from "../rules/session-report.ts";
import { endSession, recordStep, type SessionEnd, type TakenSession, takeSession } from "../store/progress.ts";
import type { LedgerTables } from "../store/tables.ts";

interface Host extends LedgerNeeds {
  readonly db: Kysely<LedgerTables>;
  readonly clock: Clock;
  readonly log: Log;
}

type Outcome = Omit<SessionEnd, "at">;
type Tell = (text: string, done: number, total: number) => void;

/** The access policy's role under which the head-end programs meters. */
const ROLE = "head-end";
/** Who logs on; which rights that gives is decided by the password (table 42). */
const PROGRAMMER = { user: "metersmith", userId: 2 };
/** Mode and flags, registers, clock, clock state. */
const LIVE_TABLES = [3, 23, 52, 55];

/**
 * Holds one session with one meter and stores how it ended, with its evidence. Ends well or badly, but always ends: a failure
 * is a recorded outcome, never a lost job.
 */
export async function holdSession(id: string, host: Host): Promise<void> {
  const { db, clock, log } = host;
  const session = await takeSession(db, id, new Date(clock.now()));
  if (!session) return;
  let outcome: Outcome;
  try {
    outcome = await converse(session, host);
  } catch (error) {
    if (!(error instanceof Failure)) log.error("session failed", { session: id, stack: error instanceof Error ? error.stack : String(error) });
    const reason = error instanceof Failure ? error.message : "The session failed on our side; the site's log says more.";
    outcome = { state: "failed", reason, report: null, readBack: [] };
  }
  const at = new Date(clock.now());
  await endSession(db, session, { ...outcome, at }, async (tx) => {
    if (outcome.readBack.length > 0) await host.meters.seen(tx as Kysely<unknown>, session.meterId, at);
  });
}

async function converse(session: TakenSession, host: Host): Promise<Outcome> {
  const { db, clock, meters, deviceTypes } = host;
  const link = await meters.link(db as Kysely<unknown>, session.meterId);
  if (!link) throw new Failure("input", "meter-unknown", "The meter is not in the registry any more.");
  const deviceType = deviceTypes.get(link.deviceType);
  if (!deviceType) {
    throw new Failure("input", "device-type-unknown", `This site has no device type ${link.deviceType}. Install it, then try again.`);
  }
  // Steps are written one after the other; the session does not wait for each.
  let recorded: Promise<void> = Promise.resolve();
  const tell: Tell = (text, done, total) => {
    const at = new Date(clock.now());
    recorded = recorded.then(() => recordStep(db, session.key, at, text, { step: text, done, total }));
  };
  const channel = await connectTcp(link.host, link.port);
  try {
    const meter = new MeterClient(openPsemClient(channel, clock), deviceType.definitions);
    tell("log on", 0, 1);
    await meter.connect({ ...PROGRAMMER, password: link.programmingPassword });
    const outcome = session.programId === null ? await read(meter, deviceType, tell) : await program(meter, session.programId, deviceType, host, tell);
    await meter.disconnect().catch(() => undefined);
    return outcome;
  } finally {
    channel.close();
    await recorded;
  }
}

async function program(meter: MeterClient, programId: string, deviceType: DeviceType, host: Host, tell: Tell): Promise<Outcome> {
  const found = await host.programs.find(host.db as Kysely<unknown>, programId);
  if (!found) throw new Failure("input", "program-unknown", "The program is not in the library any more.");
  const plan = programPlan(rebuild(found.document, deviceType).build, deviceType, ROLE);
  let told = "";
  const report = await programMeter(
    meter,
    plan,
    { clock: host.clock },
    {
      onProgress({ step, done, total }) {
        if (step === told) return;
        told = step;
        tell(step, done, total);
      },
    },
  );
  const state = report.outcome;
  return {
    state,
    reason: reasonOf(report),
    report: evidenceOf(report),
    readBack: [...report.readBack].map(([table, bytes]) => ({ table, name: tableName(deviceType, table), bytes })),
  };
}

/** Reads what a program writes and checks, and the live state: what the console shows of a meter. */
async function read(meter: MeterClient, deviceType: DeviceType, tell: Tell): Promise<Outcome> {
  const { writes, checks } = deviceType.files.mapping;
  const tables = [...new Set([...checks.map(({ table }) => table), ...writes, ...LIVE_TABLES])].toSorted((a, b) => a - b);
  const readBack: Outcome["readBack"][number][] = [];
  for (const [index, table] of tables.entries()) {
    tell(`read table ${table}`, index, tables.length);
    readBack.push({ table, name: tableName(deviceType, table), bytes: await meter.readImage(table) });
  }
  return { state: "read", reason: null, report: null, readBack };
}

function tableName(deviceType: DeviceType, table: number): string {
  return deviceType.context.has(table) ? deviceType.context.layout(table).name : `table ${table}`;
}
