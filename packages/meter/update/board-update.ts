import { releaseNumber, Trust, verifyImage, type ProgramStep } from "@metersmith/images";
import type { MeterContext, TableId } from "@metersmith/tables";
import { isFault, type FirmwareRunner } from "../firmware/firmware-runner.ts";
import type { TableMemory } from "../banks/table-memory.ts";
import { numberIn } from "../tree-access.ts";
import type { UpdateBoard } from "./update-board.ts";
import { refused, type UpdateRefusal } from "./update-refusal.ts";

/** Whose images a meter takes, as its maker and its utility have set it up. */
export interface UpdateTrust {
  readonly keys: Trust;
  /** Whose meter it is; absent where nobody has told it. */
  readonly audience?: string;
  /** Whether it takes images marked for test. */
  readonly inTest?: boolean;
}

/** The parts of a board that an update works on. */
export interface UpdatedParts {
  readonly deviceType: string;
  readonly context: MeterContext;
  readonly stored: TableMemory;
  readonly runner: FirmwareRunner;
  readonly trust: UpdateTrust | undefined;
  now(): number | undefined;
  read(table: TableId): Uint8Array | undefined;
  /** Whether a table is stored and may be written by somebody. */
  isWritten(table: TableId): boolean;
  /** Whether a program may have a procedure run. */
  isRun(procedure: number): boolean;
  /** Something wrong with firmware, undefined where nothing is. */
  selfTest(module: Uint8Array): string | undefined;
  fillBank: UpdateBoard["fillBank"];
  run: UpdateBoard["run"];
}

const nobody = new Trust([]);

/** What an update sees of a board. A board that nobody has given keys to takes no image. */
export function boardUpdate(parts: UpdatedParts): UpdateBoard {
  const { deviceType, context, stored, runner, trust } = parts;
  const made = stored.image(1);
  const identity = made && context.decode(1, made).tree();
  return {
    identity: {
      deviceType,
      hardware: { version: numberIn(identity, "HW_VERSION"), revision: numberIn(identity, "HW_REVISION") },
      ...(trust?.audience === undefined ? {} : { audience: trust.audience }),
      inTest: trust?.inTest ?? false,
    },
    now: () => parts.now(),
    verify: (image, now) => verifyImage(image, trust?.keys ?? nobody, now),
    read: (table) => parts.read(table),
    stored: (table) => stored.image(table),
    program: () => stored.program,
    fillBank: (images, program) => parts.fillBank(images, program),
    refusesSteps: (steps) => refusesSteps(parts, steps),
    refusesModule(module, version) {
      const firmware = runner.load(module);
      if (isFault(firmware)) return firmware.what;
      const says = releaseNumber(firmware);
      return says === version ? undefined : `the manifest says ${version}, the module ${says}`;
    },
    selfTest: (module) => parts.selfTest(module),
    run: (procedure, parameter) => parts.run(procedure, parameter),
  };
}

function refusesSteps(parts: UpdatedParts, steps: readonly ProgramStep[]): UpdateRefusal | undefined {
  for (const step of steps) {
    if (step.do === "procedure") {
      if (!parts.isRun(step.procedure)) return refused("content", `no program may have procedure ${step.procedure} run`, step.procedure);
      continue;
    }
    const { table, bytes } = step;
    const length = parts.isWritten(table) ? parts.stored.image(table)?.length : undefined;
    if (length !== bytes.length) return refused("content", length === undefined ? "the table is none that a program may write" : `the table has ${length} octets, the program ${bytes.length}`, table);
  }
  return undefined;
}
