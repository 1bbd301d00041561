import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ProgramDetail, ProgramSummary } from "@metersmith/modules/authoring/api/contract.ts";
import type { Association, MeterCalendar, Session } from "@metersmith/modules/ledger/api/contract.ts";
import type { LibraryProgram } from "@metersmith/modules/library/api/contract.ts";
import type { Meter } from "@metersmith/modules/registry/api/contract.ts";
import { SiteClient } from "./story/site-client.ts";

/** A meter as its maker describes it on delivery. */
export interface DeliveredMeter {
  readonly manufacturer: string;
  readonly serial: string;
  readonly deviceType: string;
  readonly host: string;
  readonly port: number;
  /** 20 octets, hexadecimal. */
  readonly programmingPassword: string;
}

export interface StoryInput {
  readonly manufacturer: SiteAccount;
  readonly utility: SiteAccount;
  readonly meters: readonly DeliveredMeter[];
  /** Folder with the example tariffs and their answers. */
  readonly examplesFolder: string;
  /** Called as a step goes on; `total` 0 where it is not counted. */
  readonly onProgress: (step: string, done: number, total: number) => void;
}

export interface SiteAccount {
  readonly url: string;
  readonly email: string;
  readonly password: string;
}

export interface StoryStep {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly seconds: number;
}

export interface StoryResult {
  readonly ok: boolean;
  readonly steps: readonly StoryStep[];
  readonly meters: { readonly total: number; readonly programmed: number; readonly verified: number };
}

/** Which example tariff goes to which type of meter. */
const rates = [
  { tariff: "aps-et-2-tou", deviceType: "rx-2s" },
  { tariff: "sce-gs-2-tou-b-single-phase", deviceType: "ix-4s" },
] as const;

const POLL_MS = 200;

/**
 * The main job, by the public interfaces of the two sites: real tariffs become programs at the manufacturer, the utility takes
 * them into its library, registers its meters, programs each over C12.18 and keeps the association with its evidence.
 * It may be repeated: what is there already is found and used. Never throws: a failed step ends the story with its reason.
 */
export async function runStory(input: StoryInput): Promise<StoryResult> {
  const steps: StoryStep[] = [];
  const counts = { total: input.meters.length, programmed: 0, verified: 0 };
  const manufacturer = new SiteClient(input.manufacturer.url);
  const utility = new SiteClient(input.utility.url);

  async function step<Result>(name: string, run: () => Promise<readonly [string, Result]>): Promise<Result> {
    const begun = performance.now();
    const seconds = () => Number(((performance.now() - begun) / 1000).toFixed(2));
    input.onProgress(name, 0, 0);
    try {
      const [detail, result] = await run();
      steps.push({ name, ok: true, detail, seconds: seconds() });
      return result;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      steps.push({ name, ok: false, detail, seconds: seconds() });
      throw error;
    }
  }

  try {
    await step("sign in", async () => {
      await manufacturer.signIn(input.manufacturer.email, input.manufacturer.password);
      await utility.signIn(input.utility.email, input.utility.password);
      return ["at both sites", undefined];
    });
    const programs = await step("author programs", () => authorPrograms(manufacturer, input.examplesFolder));
    const library = await step("receive programs", () => receivePrograms(manufacturer, utility, programs));
    const meters = await step("register meters", () => registerMeters(utility, input.meters));
    const sessions = await step("program meters", async () => {
      const ended = await programMeters(utility, meters, library, (done) => input.onProgress("program meters", done, meters.length));
      counts.programmed = ended.filter((one) => one.state === "verified").length;
      const failed = ended.filter((one) => one.state !== "verified");
      if (failed.length > 0) {
        throw new Error(failed.map((one) => `meter ${one.serial}: ${one.reason ?? one.state}`).join("; "));
      }
      return [`${counts.programmed} of ${meters.length}, each compared, written, read back and equal`, ended];
    });
    await step("verify associations", async () => {
      counts.verified = await countVerified(utility, sessions);
      if (counts.verified !== meters.length) throw new Error(`only ${counts.verified} of ${meters.length} meters have their program on record`);
      return [`${counts.verified} meters on record with what was read back`, undefined];
    });
  } catch {
    // The failed step is recorded; what follows it has no ground to stand on.
  }
  return { ok: steps.every((one) => one.ok), steps, meters: counts };
}

async function authorPrograms(manufacturer: SiteClient, folder: string): Promise<readonly [string, ProgramDetail[]]> {
  const known = await manufacturer.get<{ items: ProgramSummary[] }>("/api/v1/programs");
  const programs: ProgramDetail[] = [];
  for (const { tariff, deviceType } of rates) {
    const file = `${tariff}.json`;
    const made = known.items.find((program) => program.tariffFile === file && program.deviceType === deviceType);
    programs.push(
      made
        ? await manufacturer.get<ProgramDetail>(`/api/v1/programs/${made.id}`)
        : await manufacturer.post<ProgramDetail>("/api/v1/programs", {
            deviceType,
            tariffFile: file,
            tariff: await readJson(join(folder, file)),
            answers: await readJson(join(folder, `${tariff}.answers.json`)),
          }),
    );
  }
  return [programs.map((program) => `${program.code} v${program.version} for ${program.deviceType}`).join(", "), programs];
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, "utf8"));
}

async function receivePrograms(
  manufacturer: SiteClient,
  utility: SiteClient,
  programs: readonly ProgramDetail[],
): Promise<readonly [string, LibraryProgram[]]> {
  const received: LibraryProgram[] = [];
  for (const { id } of programs) {
    const { document } = await manufacturer.get<ProgramDetail>(`/api/v1/programs/${id}`);
    received.push(await utility.post<LibraryProgram>("/api/v1/library-programs", document));
  }
  return [`${received.length}, each built again with the same digest`, received];
}

async function registerMeters(utility: SiteClient, meters: readonly DeliveredMeter[]): Promise<readonly [string, Meter[]]> {
  const { items } = await utility.post<{ items: Meter[] }>("/api/v1/meters", {
    meters: meters.map(({ host, port, ...meter }) => ({ ...meter, address: `tcp:${host}:${port}` })),
  });
  return [`${items.length} meters`, items];
}

async function programMeters(
  utility: SiteClient,
  meters: readonly Meter[],
  library: readonly LibraryProgram[],
  onEnded: (count: number) => void,
): Promise<Session[]> {
  const waiting = new Map<string, Session>();
  for (const meter of meters) {
    const program = library.find((one) => one.deviceType === meter.deviceType);
    if (!program) throw new Error(`no program in the library is for ${meter.deviceType} (meter ${meter.serial})`);
    const session = await utility.post<Session>(`/api/v1/meters/${meter.id}/program`, { program: program.id });
    waiting.set(session.id, session);
  }
  const ended: Session[] = [];
  while (waiting.size > 0) {
    await delay(POLL_MS);
    const { items } = await utility.get<{ items: Session[] }>("/api/v1/sessions?limit=1000");
    for (const session of items) {
      if (session.state === "waiting" || session.state === "running" || !waiting.delete(session.id)) continue;
      ended.push(session);
      onEnded(ended.length);
    }
  }
  return ended;
}

/** Meters whose association in force names the session's program and whose calendar can be read from the evidence. */
async function countVerified(utility: SiteClient, sessions: readonly Session[]): Promise<number> {
  const { items } = await utility.get<{ items: Association[] }>("/api/v1/associations?current=true&limit=1000");
  const onRecord = new Map(items.map((one) => [one.meterId, one]));
  let verified = 0;
  for (const session of sessions) {
    if (onRecord.get(session.meterId)?.program.digest !== session.program?.digest) continue;
    const calendar = await utility.get<MeterCalendar>(`/api/v1/meters/${session.meterId}/calendar`);
    if (calendar.pictures.length > 0) verified++;
  }
  return verified;
}
