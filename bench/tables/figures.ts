import { changes, type DecodedTable } from "@metersmith/tables";
import type { Bench, BenchMode, Measured } from "../bench.ts";
import { paired, type PairedFigure } from "../paired.ts";
import { fullTable23, fullTable54, residentialContext } from "./full-tables.ts";
import { decodeTable23, decodeTable54, encodeTable23, encodeTable54 } from "./hand-written.ts";

type HandWritten = (octets: Uint8Array, into: Float64Array) => void;

function decoding(table: DecodedTable, byHand: HandWritten, rounds: number): PairedFigure {
  const ours = new Float64Array(table.layout.leafCount);
  const theirs = new Float64Array(table.layout.leafCount);
  const last = table.layout.leafCount - 1;
  byHand(table.bytes, theirs);
  mustEqual(table.numbers(ours), theirs, `decoded table ${table.table}`);
  return paired(() => table.numbers(ours)[last]!, () => (byHand(table.bytes, theirs), theirs[last]!), { rounds });
}

function encoding(table: DecodedTable, byHand: (from: Float64Array, octets: Uint8Array) => void, rounds: number): PairedFigure {
  const vector = table.numbers();
  const theirs = new Uint8Array(table.bytes.length);
  const last = theirs.length - 1;
  byHand(vector, theirs);
  mustEqual(table.withNumbers(vector).bytes, theirs, `encoded table ${table.table}`);
  // Both give a new image for each vector: what an encoder is for.
  const writeByHand = (): number => {
    const octets = new Uint8Array(theirs.length);
    byHand(vector, octets);
    return octets[last]!;
  };
  return paired(() => table.withNumbers(vector).bytes[last]!, writeByHand, { rounds });
}

/** A bench that compares two codecs proves first that they do the same. */
function mustEqual(ours: ArrayLike<number>, theirs: ArrayLike<number>, what: string): void {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    if (!Object.is(ours[i], theirs[i])) throw new Error(`${what}: entry ${i} is ${ours[i]}, by hand ${theirs[i]}`);
  }
}

function figure(name: string, { value, limit, ratio }: PairedFigure, bound: string | null): Measured {
  return { figure: name, value, unit: "ns/op", limit, ratio, bound };
}

async function* figures(mode: BenchMode): AsyncGenerator<Measured> {
  const rounds = mode === "quick" ? 31 : 151;
  const context = residentialContext();
  const registers = fullTable23(context);
  const calendar = fullTable54(context);
  yield figure("tables.decode.st23@106B", decoding(registers, decodeTable23, rounds), "ratio >= 0.5");
  yield figure("tables.encode.st23@106B", encoding(registers, encodeTable23, rounds), "ratio >= 0.5");
  yield figure("tables.decode.st54@356B", decoding(calendar, decodeTable54, rounds), "ratio >= 0.5");
  yield figure("tables.encode.st54@356B", encoding(calendar, encodeTable54, rounds), "ratio >= 0.5");

  const tree = paired(() => Object.keys(calendar.tree() as object).length, () => calendar.bytes.length, { rounds: 11 });
  yield { figure: "tables.tree.st54@356B", value: tree.value, unit: "ns/op", limit: null, ratio: null, bound: null };

  const same = { table: 54, bytes: calendar.bytes.slice(), mask: new Uint8Array(calendar.bytes.length).fill(0xff) };
  const compared = paired(() => changes(context, calendar.bytes, same).length, () => xor(calendar.bytes, same.bytes), { rounds });
  yield figure("tables.changes.st54@356B", compared, null);
}

function xor(a: Uint8Array, b: Uint8Array): number {
  let any = 0;
  for (let i = 0; i < a.length; i++) any |= a[i]! ^ b[i]!;
  return any;
}

export const bench: Bench = {
  name: "tables",
  about: "tables 23 and 54 into a flat vector and back, against DataView code written for that one meter",
  figures,
};
