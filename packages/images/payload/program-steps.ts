import { encodeCbor } from "@metersmith/base/cbor";
import { items } from "../cbor-reader.ts";
import { badImage } from "../images-error.ts";
import { maskFromRuns, runsOf } from "../inventory/mask-runs.ts";
import { largestPayload } from "../manifest/manifest.ts";

/** A table write: of the table's octets those bits that are 1 in the mask. Both have the table's length; bits outside the mask are 0. */
export interface TableWriteStep {
  readonly do: "write";
  /** 0–4095; manufacturer tables from 2048 on. */
  readonly table: number;
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
}

/** A procedure to run, and its parameter octets. */
export interface ProcedureStep {
  readonly do: "procedure";
  /** 0–4095; manufacturer procedures from 2048 on. */
  readonly procedure: number;
  readonly parameter: Uint8Array;
}

/** One step of a program, in order. A failed step ends the program. */
export type ProgramStep = TableWriteStep | ProcedureStep;

const code = { write: 1, procedure: 2 } as const;
const mostSteps = 1024;
const lastNumber = 4095;
const longestParameter = 255;

/** The payload of a program. Of a write, only the octets travel that have a bit in the mask. */
export function encodeProgram(steps: readonly ProgramStep[]): Uint8Array {
  return encodeCbor(steps.map((step) => {
    if (step.do === "procedure") return [code.procedure, step.procedure, step.parameter];
    const masked = step.bytes.map((octet, at) => octet & (step.mask[at] ?? 0));
    return [code.write, step.table, runsOf(step.mask), masked.filter((_, at) => step.mask[at] !== 0)];
  }));
}

/** Throws `bad-image`, `too-large`. */
export function decodeProgram(payload: Uint8Array): readonly ProgramStep[] {
  const rows = items.array(items.read(payload, "program", largestPayload), "program");
  if (rows.length === 0 || rows.length > mostSteps) throw badImage("program", `${rows.length} steps, expected 1 to ${mostSteps}`);
  return rows.map((row, at) => step(row, `program step ${at}`));
}

function step(value: unknown, place: string): ProgramStep {
  const row = items.array(value, place);
  const number = items.unsigned(row[1], place, 0, lastNumber);
  if (row[0] === code.procedure) {
    items.array(row, place, 3);
    const parameter = items.octets(row[2], place);
    if (parameter.length > longestParameter) throw badImage(place, `a parameter of ${parameter.length} octets`);
    return { do: "procedure", procedure: number, parameter };
  }
  if (row[0] !== code.write) throw badImage(place, "neither a write (1) nor a procedure (2)");
  items.array(row, place, 4);
  return { do: "write", table: number, ...spread(maskFromRuns(row[2], place), row[3], place) };
}

function spread(mask: Uint8Array, value: unknown, place: string): { bytes: Uint8Array; mask: Uint8Array } {
  const counting = maskedOctets(mask);
  if (counting.length === 0) throw badImage(place, "writes nothing");
  const sent = items.octets(value, place, counting.length);
  if (sent.some((octet, at) => (octet & ~(counting[at] ?? 0)) !== 0)) throw badImage(place, "has bits outside its mask");
  let next = 0;
  return { mask, bytes: mask.map((octet) => (octet === 0 ? 0 : (sent[next++] ?? 0))) };
}

/** Those octets of the mask that are not 0. */
function maskedOctets(mask: Uint8Array): Uint8Array {
  return mask.filter((octet) => octet !== 0);
}
