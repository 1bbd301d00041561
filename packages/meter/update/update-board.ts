import type { EpochSeconds, MeterSituation, ProgramStep, VerifiedImage } from "@metersmith/images";
import type { TableId } from "@metersmith/tables";
import type { ProgramMark } from "../banks/bank-record.ts";
import type { UpdateRefusal } from "./update-refusal.ts";

/** What an update needs of the board. */
export interface UpdateBoard {
  readonly identity: Pick<MeterSituation, "deviceType" | "hardware" | "audience" | "inTest">;
  /** Undefined where the clock is not set. */
  now(): EpochSeconds | undefined;
  /** Throws `ImagesError` where the octets are no image of whom the meter trusts. */
  verify(image: Uint8Array, now: EpochSeconds | undefined): VerifiedImage;
  /** A table as it reads now, for the digests that an image was reviewed against. */
  read(table: TableId): Uint8Array | undefined;
  /** A table as it is stored. */
  stored(table: TableId): Uint8Array | undefined;
  /** The program that filled the active bank last. */
  program(): ProgramMark["program"] | undefined;
  /** Fills the other bank and switches: all of it, or nothing and false. */
  fillBank(images: ReadonlyMap<TableId, Uint8Array>, program: ProgramMark["program"]): boolean;
  /** What of a program this meter would not do. */
  refusesSteps(steps: readonly ProgramStep[]): UpdateRefusal | undefined;
  /** Why a module is none of this meter's firmware of that version; undefined where it is. */
  refusesModule(module: Uint8Array, version: number): string | undefined;
  /** Runs the self-test of firmware; what it found, undefined where all is well. */
  selfTest(module: Uint8Array): string | undefined;
  /** Runs a procedure of a program; whether it completed. */
  run(procedure: number, parameter: Uint8Array): boolean;
}

/** Our choices. */
export interface UpdateLimits {
  /** Copies of one step that may read wrong. */
  readonly copies: number;
  /** Starts of firmware on trial without a confirmation. */
  readonly boots: number;
  /** Seconds of a trial, where the clock is set. */
  readonly trialSeconds: number;
}

export const updateLimits: UpdateLimits = { copies: 3, boots: 3, trialSeconds: 86_400 };
