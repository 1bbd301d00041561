import fc from "fast-check";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { Definitions } from "../tdl/definitions.ts";
import { TablesError } from "../tables-error.ts";
import { arbitraryDefinitions, boundedTable } from "./arbitrary-bounds.ts";

const byNumber = (a: number, b: number): number => a - b;
const tables = [...standardDefinitions.tables.keys()].sort(byNumber);
/** The tables whose octets give dimensions, in the order in which they are read. */
const dimensionTables = [...new Set(tables.flatMap((table) => [...neededBy(table)]))].sort(byNumber);

/** A meter with any formats that table 0 can name, every table of the standard, and dimension tables of small arbitrary octets. */
export interface ArbitraryMeter {
  readonly definitions: Definitions;
  readonly context: MeterContext;
  readonly images: ReadonlyMap<number, Uint8Array>;
  /** Tables that have a layout under these dimensions, with table 0. */
  readonly sizes: ReadonlyMap<number, number>;
}

const choices = fc.record({
  order: fc.integer({ min: 0, max: 1 }), characters: fc.integer({ min: 1, max: 5 }), time: fc.integer({ min: 0, max: 4 }), idForm: fc.integer({ min: 0, max: 1 }),
  integers: fc.integer({ min: 0, max: 2 }), ni1: fc.integer({ min: 0, max: 13 }), ni2: fc.integer({ min: 0, max: 13 }), edition: fc.integer({ min: 1, max: 2 }),
  octets: fc.uint8Array({ minLength: 64, maxLength: 64, max: 5 }),
});

const longest = 1_200;

type Choice = typeof choices extends fc.Arbitrary<infer Drawn> ? Drawn : never;

export const arbitraryMeter: fc.Arbitrary<ArbitraryMeter> = choices.map((choice) => meterOf(choice, standardDefinitions, []));

/** The same with one table of the manufacturer whose fields have defaults and bounds: some octets read there may not be written. */
export const arbitraryBoundedMeter: fc.Arbitrary<ArbitraryMeter> = fc
  .tuple(choices, arbitraryDefinitions)
  .map(([choice, definitions]) => meterOf(choice, definitions, [boundedTable]));

function meterOf(choice: Choice, definitions: Definitions, own: readonly number[]): ArbitraryMeter {
  const general = {
    FORMAT_CONTROL_1: { DATA_ORDER: choice.order, CHAR_FORMAT: choice.characters },
    FORMAT_CONTROL_2: { TM_FORMAT: choice.time, ID_FORM: choice.idForm, INT_FORMAT: choice.integers },
    FORMAT_CONTROL_3: { NI_FORMAT1: choice.ni1, NI_FORMAT2: choice.ni2 },
    DIM_MFG_TBLS_USED: own.length, MFG_TBLS_USED: own.map((table) => table - 2048),
    NAMEPLATE_TYPE: 2, STD_VERSION_NO: choice.edition, DIM_STD_TBLS_USED: 16, NBR_PENDING: 2, MAX_PROC_PARM_LENGTH: 9, MAX_RESP_DATA_LEN: 7,
    STD_TBLS_USED: tables.filter((table) => table < 128),
  };
  const made = MeterContext.fromValues(definitions, new Map([[0, general]]));
  const images = new Map<number, Uint8Array>(made.images);
  let { context } = made;
  const sizes = new Map<number, number>();
  for (const table of dimensionTables.filter((number) => number !== 0)) {
    const size = sizeOf(context, table);
    if (size === undefined) continue;
    const image = Uint8Array.from({ length: size }, (_, at) => choice.octets[(table + at) % choice.octets.length]!);
    images.set(table, image);
    context = context.with(table, image);
  }
  for (const table of [...tables, ...own]) {
    const size = sizeOf(context, table);
    if (size !== undefined && size <= longest) sizes.set(table, size);
  }
  return { definitions, context, images, sizes };
}

/** Octets without end, the same for the same seed. */
export function octetsFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => ((state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16) & 0xff;
}

function sizeOf(context: MeterContext, table: number): number | undefined {
  try {
    return context.layout(table).size;
  } catch (error) {
    if (error instanceof TablesError) return undefined;
    throw error;
  }
}

function neededBy(table: number): readonly number[] {
  const { context } = MeterContext.fromValues(standardDefinitions, new Map([[0, {
    FORMAT_CONTROL_1: { CHAR_FORMAT: 1 }, DIM_STD_TBLS_USED: 16, STD_TBLS_USED: tables.filter((number) => number < 128),
  }]]));
  return context.dimensionTables(table);
}
