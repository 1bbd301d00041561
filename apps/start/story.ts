import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProgramDetail, ProgramSummary } from "@metersmith/modules/authoring/api/contract.ts";
import type { LibraryProgram } from "@metersmith/modules/library/api/contract.ts";
import type { StartSteps } from "./start-steps.ts";
import { countVerified, type DeliveredMeter, programMeters, registerMeters } from "./story/meters.ts";
import { SiteClient } from "./story/site-client.ts";

export interface StoryInput {
  readonly manufacturer: SiteAccount;
  readonly utility: SiteAccount;
  readonly meters: readonly DeliveredMeter[];
  /** Folder with the example tariffs and their answers. */
  readonly examplesFolder: string;
}

export interface SiteAccount {
  readonly url: string;
  readonly email: string;
  readonly password: string;
}

/** Of how many meters the program was written and read back, and of how many that is on record. */
export interface StoryCounts {
  readonly total: number;
  readonly programmed: number;
  readonly verified: number;
}

/** Which example tariff goes to which type of meter. */
const rates = [
  { tariff: "aps-et-2-tou", deviceType: "rx-2s" },
  { tariff: "sce-gs-2-tou-b-single-phase", deviceType: "ix-4s" },
] as const;

/**
 * The main job, by the public interfaces of the two sites: real tariffs become programs at the manufacturer, the utility takes
 * them into its library, registers its meters, programs each over C12.18 and keeps the association with its evidence.
 * It may be repeated: what is there already is found and used. Never throws: a step that fails, for `signal` or for another reason,
 * is on record in `steps` and ends the story.
 */
export async function runStory(input: StoryInput, steps: StartSteps, signal: AbortSignal): Promise<StoryCounts & { readonly ok: boolean }> {
  const total = input.meters.length;
  const counts = { total, programmed: 0, verified: 0 };
  const manufacturer = new SiteClient(input.manufacturer.url, signal);
  const utility = new SiteClient(input.utility.url, signal);
  try {
    await steps.run("sign in", async () => {
      await manufacturer.signIn(input.manufacturer.email, input.manufacturer.password);
      await utility.signIn(input.utility.email, input.utility.password);
      return ["at both sites", undefined];
    });
    const programs = await steps.run("author programs", () => authorPrograms(manufacturer, input.examplesFolder));
    const library = await steps.run("receive programs", () => receivePrograms(manufacturer, utility, programs));
    const meters = await steps.run("register meters", async () => {
      const registered = await registerMeters(utility, input.meters);
      return [`${registered.length} meters`, registered];
    });
    const sessions = await steps.run("program meters", async (shown) => {
      const ended = await programMeters(utility, meters, library, (done) => shown.update(done, total), signal);
      const failed = ended.filter((one) => one.state !== "verified");
      counts.programmed = ended.length - failed.length;
      if (failed.length > 0) throw new Error(firstOf(failed.map((one) => `meter ${one.serial}: ${one.reason ?? one.state}`)));
      return [`${counts.programmed} of ${total}, each compared, written, read back and equal`, ended];
    });
    await steps.run("verify associations", async (shown) => {
      counts.verified = await countVerified(utility, sessions, (done) => shown.update(done, total));
      if (counts.verified !== total) throw new Error(`only ${counts.verified} of ${total} meters have their program on record`);
      return [`${counts.verified} meters on record with what was read back`, undefined];
    });
    return { ...counts, ok: true };
  } catch {
    // The failed step is on record; what follows it has no ground to stand on.
    return { ...counts, ok: false };
  }
}

const TOLD = 5;

function firstOf(reasons: readonly string[]): string {
  const rest = reasons.length - TOLD;
  return [...reasons.slice(0, TOLD), ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

async function authorPrograms(manufacturer: SiteClient, folder: string): Promise<readonly [string, ProgramDetail[]]> {
  const known: ProgramSummary[] = [];
  for await (const page of manufacturer.pages<ProgramSummary>("/api/v1/programs")) known.push(...page);
  const programs: ProgramDetail[] = [];
  for (const { tariff, deviceType } of rates) {
    const file = `${tariff}.json`;
    const made = known.find((program) => program.tariffFile === file && program.deviceType === deviceType);
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
