import { Failure } from "@metersmith/base/errors";
import { inSession, MeterClient, programMeter } from "@metersmith/client";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { type DeviceType, firmwareRefusal, programPlan } from "@metersmith/programs";
import { openPsemClient } from "@metersmith/psem";
import { buildMarkIn, runsBuild } from "../rules/running-program.ts";
import { evidenceOf, reasonOf } from "../rules/session-report.ts";
import { recordStep, type RunningProgram, type TakenSession } from "../store/progress.ts";
import type { LedgerTables } from "../store/tables.ts";
import type { Outcome, SessionHost } from "./session-host.ts";
import { libraryBuild, type SessionSubject, subjectOf } from "./type-of-session.ts";

type Tell = (text: string, done: number, total: number) => void;

/** The access policy's role under which the head-end programs meters. */
const ROLE = "head-end";
/** Who logs on; which rights that gives is decided by the password (table 42). */
const PROGRAMMER = { user: "metersmith", userId: 2 };
/** Mode and flags, registers, clock, clock state. */
const LIVE_TABLES = [3, 23, 52, 55];

/** Connects to the session's meter, does what was asked, and says how it went. Throws a `Failure` where it does not come to that. */
export async function converse(session: TakenSession, host: SessionHost): Promise<Outcome> {
  const { work, clock, log, meters } = host;
  const link = await work.read((tx) => meters.link(tx, session.meterId));
  if (!link) throw new Failure("input", "meter-unknown", "The meter is not in the registry any more.");
  const subject = await subjectOf(session.programId, link.deviceType, host);
  // Steps are written one after the other; the session waits for none of them, and none decides how it ends.
  let recorded: Promise<void> = Promise.resolve();
  const tell: Tell = (text, done, total) => {
    const at = new Date(clock.now());
    recorded = recorded
      .then(() => work.note<LedgerTables, void>((tx) => recordStep(tx, session.key, at, text, { step: text, done, total })))
      .catch((error: unknown) => log.warn("a step was not recorded", { session: session.id, text, error }));
  };
  const channel = await connectTcp(link.host, link.port);
  try {
    const meter = new MeterClient(openPsemClient(channel, clock), subject.deviceType.definitions, { clock });
    tell("log on", 0, 1);
    return await inSession(meter, { ...PROGRAMMER, password: link.programmingPassword }, () =>
      subject.program ? program(meter, subject.program, subject.deviceType, host, tell) : read(meter, subject.deviceType, host, tell),
    );
  } finally {
    channel.close();
    await recorded;
  }
}

async function program(meter: MeterClient, { build, key }: NonNullable<SessionSubject["program"]>, deviceType: DeviceType, host: SessionHost, tell: Tell): Promise<Outcome> {
  const other = firmwareRefusal(deviceType, deviceType.context.decode(1, await meter.readImage(1)));
  if (other !== undefined) throw new Failure("peer-refused", "firmware-unsupported", `Nothing was written: ${other}.`);
  const plan = programPlan(build, deviceType, ROLE);
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
  const touched = report.written.length > 0 || report.inDoubt !== undefined;
  return {
    state: report.outcome,
    reason: reasonOf(report),
    report: evidenceOf(report),
    readBack: [...report.readBack].map(([table, bytes]) => ({ table, name: tableName(deviceType, table), bytes })),
    runs: report.outcome === "verified" ? { kind: "program", programKey: key } : { kind: touched ? "unknown" : "as-before" },
  };
}

/** Reads what a program writes and checks, and the live state: what the console shows of a meter, and which program it really runs. */
async function read(meter: MeterClient, deviceType: DeviceType, host: SessionHost, tell: Tell): Promise<Outcome> {
  const { writes, checks } = deviceType.files.mapping;
  const tables = [...new Set([...checks.map(({ table }) => table), ...writes, ...LIVE_TABLES])].toSorted((a, b) => a - b);
  const images = new Map<number, Uint8Array>();
  for (const [index, table] of tables.entries()) {
    tell(`read table ${table}`, index, tables.length);
    images.set(table, await meter.readImage(table));
  }
  const readBack = [...images].map(([table, bytes]) => ({ table, name: tableName(deviceType, table), bytes }));
  const { runs, words } = await identify(deviceType, images, host);
  tell(words, tables.length, tables.length);
  return { state: "read", reason: null, report: null, readBack, runs };
}

/** By the build mark in the meter the library's program is found; that the meter runs it is said only where every bit agrees. */
async function identify(
  deviceType: DeviceType,
  images: ReadonlyMap<number, Uint8Array>,
  host: SessionHost,
): Promise<{ readonly runs: RunningProgram; readonly words: string }> {
  const mark = buildMarkIn(deviceType, images);
  if (mark === undefined) return { runs: { kind: "unknown" }, words: "carries no program of ours" };
  const found = await host.work.read((tx) => host.programs.findByMark(tx, deviceType.id, mark));
  if (!found) return { runs: { kind: "unknown" }, words: `says build ${mark}, which is not in the library` };
  const { code, version } = found.document;
  if (!runsBuild(await libraryBuild(found, host), images)) {
    return { runs: { kind: "unknown" }, words: `says ${code} v${version}, but its tables are not that program's` };
  }
  return { runs: { kind: "program", programKey: found.key }, words: `runs ${code} v${version}, bit by bit` };
}

function tableName(deviceType: DeviceType, table: number): string {
  return deviceType.context.has(table) ? deviceType.context.layout(table).name : `table ${table}`;
}
