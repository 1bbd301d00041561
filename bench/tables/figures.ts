import { changes, maskOf, merge, readDefinitions, type DecodedTable, type MeterContext } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import type { Bench, BenchMode, Measured } from "../bench.ts";
import { paired, type PairedFigure, type PairedOptions } from "../paired.ts";
import { benchMeter, fullTable23, fullTable54, fullTable64, fullTable76, type DataOrder } from "./bench-meters.ts";
import { table23, table54, table64, table76, type HandWritten } from "./hand-written.ts";
import { millisForAllLayouts } from "./layouts.ts";
import { binaryParserTables, kaitaiTables, type Peer } from "./peers.ts";

interface Measurable {
  readonly number: 23 | 54 | 64 | 76;
  readonly byHand: HandWritten;
  readonly fill: (context: MeterContext) => DecodedTable;
}

const measurables: readonly Measurable[] = [
  { number: 23, byHand: table23, fill: fullTable23 },
  { number: 54, byHand: table54, fill: fullTable54 },
  { number: 64, byHand: table64, fill: fullTable64 },
  { number: 76, byHand: table76, fill: fullTable76 },
];

const asked = "ratio >= 0.5";

function decoding(table: DecodedTable, byHand: HandWritten, le: boolean, options: Partial<PairedOptions>): PairedFigure {
  const ours = new Float64Array(table.layout.leafCount);
  const theirs = new Float64Array(table.layout.leafCount);
  const last = table.layout.leafCount - 2;
  byHand.decode(table.bytes, theirs, le);
  mustEqual(table.numbers(ours), theirs, `decoded table ${table.table}`);
  return paired(() => table.numbers(ours)[last]!, () => (byHand.decode(table.bytes, theirs, le), theirs[last]!), options);
}

/** Both give a new image for each vector, onto the octets that are there: what an encoder is for. */
function encoding(table: DecodedTable, byHand: HandWritten, le: boolean, options: Partial<PairedOptions>): PairedFigure {
  const vector = table.numbers();
  const last = table.bytes.length - 1;
  const writeByHand = (): Uint8Array => {
    const octets = table.bytes.slice();
    byHand.encode(vector, octets, le);
    return octets;
  };
  mustEqual(table.withNumbers(vector).bytes, writeByHand(), `encoded table ${table.table}`);
  return paired(() => table.withNumbers(vector).bytes[last]!, () => writeByHand()[last]!, options);
}

/** A bench that compares two codecs proves first that they do the same. */
function mustEqual(ours: ArrayLike<number>, theirs: ArrayLike<number>, what: string): void {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    if (!Object.is(ours[i], theirs[i])) throw new Error(`${what}: entry ${i} is ${ours[i]}, by hand ${theirs[i]}`);
  }
}

/** One codec serves all tables: it is measured as it is after it has seen them. */
function warmUp(table: DecodedTable): void {
  const vector = table.numbers();
  warm(() => table.numbers(vector)[0]! + table.withNumbers(vector).bytes[0]!);
}

/**
 * Long loops reach their last form of machine code late, and not in the same batch as their peer's. It is this thread's own time that counts: on a busy machine little of it
 * passes in a while.
 */
function warm(work: () => number): void {
  const own = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  for (const start = own(); own() - start < 150; ) for (let at = 0; at < 20; at++) work();
}

function figure(name: string, { value, limit, ratio }: PairedFigure, bound: string | null): Measured {
  return { figure: `tables.${name}`, value, unit: "ns/op", limit, ratio, bound };
}

async function* figures(mode: BenchMode): AsyncGenerator<Measured> {
  const options = mode === "quick" ? { rounds: 21, batchMillis: 6 } : { rounds: 101 };
  // First of all, while no code is compiled: as a program that starts has it.
  const millis = millisForAllLayouts(readDefinitions(standardDefinitions.document));
  yield { figure: "tables.layouts.standard", value: millis, unit: "ms", limit: null, ratio: null, bound: "value <= 150" };

  for (const order of ["lsb", "msb"] as const) for (const { fill } of measurables) warmUp(fill(benchMeter(order)));
  for (const order of ["lsb", "msb"] as const) yield* against(order, options);
  yield* againstPeers(options);
  yield* images(options);
}

function* against(order: DataOrder, options: Partial<PairedOptions>): Generator<Measured> {
  const context = benchMeter(order);
  for (const { number, byHand, fill } of measurables) {
    const table = fill(context);
    const scale = `st${number}.${order}@${table.bytes.length}B`;
    yield figure(`decode.${scale}`, decoding(table, byHand, order === "lsb", options), asked);
    yield figure(`encode.${scale}`, encoding(table, byHand, order === "lsb", options), asked);
  }
}

async function* againstPeers(options: Partial<PairedOptions>): AsyncGenerator<Measured> {
  const context = benchMeter("lsb");
  const peers = { "binary-parser": binaryParserTables(), kaitai: await kaitaiTables() };
  for (const { number, fill } of measurables) {
    const table = fill(context);
    const vector = new Float64Array(table.layout.leafCount);
    const scale = `st${number}@${table.bytes.length}B`;
    for (const [name, tables] of Object.entries(peers)) {
      const peer: Peer = tables[number];
      const compared = paired(() => table.numbers(vector)[0]!, () => Object.keys(peer(table.bytes)).length, { ...options, rounds: 11 });
      yield figure(`decode.${scale}.${name}`, compared, "ratio >= 1");
    }
    const tree = paired(() => Object.keys(table.tree() as object).length, () => table.bytes.length, { ...options, rounds: 5 });
    yield { figure: `tables.tree.${scale}`, value: tree.value, unit: "ns/op", limit: null, ratio: null, bound: null };
  }
}

/** Masks and differences of a table 76 of 4 KiB against the plainest loop over its octets. */
function* images(options: Partial<PairedOptions>): Generator<Measured> {
  const context = benchMeter("lsb");
  const { bytes, layout } = fullTable76(context);
  const mask = maskOf(layout, layout.shape.members.map(({ name }) => name));
  const same = { table: 76, bytes: bytes.slice(), mask };
  const other = { table: 76, bytes: bytes.slice(), mask };
  for (const at of [20, 1_000, 4_000]) other.bytes[at]! ^= 1;
  const plainXor = (): number => xor(bytes, same.bytes);
  warm(() => changes(context, bytes, same).length + changes(context, bytes, other).length + merge(bytes, other)[0]! + plainXor());
  yield figure("changes.none@4KiB", paired(() => changes(context, bytes, same).length, plainXor, options), asked);
  yield figure("changes.three@4KiB", paired(() => changes(context, bytes, other).length, plainXor, options), asked);
  yield figure("merge@4KiB", paired(() => merge(bytes, other)[4_000]!, plainXor, options), asked);
  yield figure("mask@4KiB", paired(() => maskOf(layout, ["ENTRIES"])[4_000]!, plainXor, options), asked);
}

function xor(a: Uint8Array, b: Uint8Array): number {
  let any = 0;
  for (let i = 0; i < a.length; i++) any |= a[i]! ^ b[i]!;
  return any;
}

export const bench: Bench = {
  name: "tables",
  about: "tables 23, 54, 64 and 76 into a flat vector and back, against DataView code written for that one meter and against parser generators",
  figures,
};
