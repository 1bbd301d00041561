import type { Codec } from "../codec/codec.ts";
import { fast } from "../codec/fast-codes.ts";
import type { Shape } from "./shape.ts";

/**
 * The leaves of a layout as runs: fields of one form, a fixed number of octets and of vector entries apart. The hot loops choose their code
 * once a run instead of once a leaf. Together the runs hold each leaf once.
 */
export interface Runs {
  readonly count: number;
  /**
   * Sixteen numbers a run, side by side for the cache: 0 row of the switch (fast-codes.ts), 1 elements, 2 first octet, 3 octets from element to
   * element, 4 entry of the first leaf in the flat vector, 5 entries from element to element, 6 lanes, then for each of up to four lanes
   * the least significant bit (8, 10, 12, 14) and the largest value (9, 11, 13, 15).
   */
  readonly rows: Int32Array;
  /** The codec of each lane of each run. */
  readonly codecs: readonly (readonly Codec[])[];
}

export const rowLength = 16;
const mostLanes = 4;

interface Run {
  /** One, or the sub-fields of one bit field whose entries follow each other. */
  codecs: readonly Codec[];
  length: number;
  offset: number;
  stride: number;
  entry: number;
  step: number;
}

interface Dimension {
  readonly count: number;
  readonly stride: number;
  readonly step: number;
}

/** Of nested arrays the longest becomes the run, the others are unrolled; neighbours of one form and sub-fields of one bit field are joined. */
export function runsOf(shape: Shape): Runs {
  const runs: Run[] = [];
  const visit = (part: Shape, offset: number, entry: number, within: readonly Dimension[]): void => {
    if (part.kind === "scalar") {
      const longest = within.reduce<Dimension>((best, next) => (next.count > best.count ? next : best), { count: 1, stride: 0, step: 0 });
      const others = within.filter((dimension) => dimension !== longest);
      unroll(others, offset, entry, (at, to) => {
        runs.push({ codecs: [part.codec], length: longest.count, offset: at, stride: longest.stride, entry: to, step: longest.step });
      });
    } else if (part.kind === "record") {
      for (const member of part.members) visit(member.shape, offset + member.offset, entry + member.firstLeaf, within);
    } else if (part.count > 0) {
      visit(part.element, offset, entry, [...within, { count: part.count, stride: part.element.size, step: part.element.leaves }]);
    }
  };
  visit(shape, 0, 0, []);
  const joined = joinNeighbours(joinLanes(runs));
  const rows = new Int32Array(joined.length * rowLength);
  joined.forEach(({ codecs, length, offset, stride, entry, step }, at) => {
    rows.set([fastCode(codecs), length, offset, stride, entry, step, codecs.length], at * rowLength);
    codecs.forEach((codec, lane) => rows.set([codec.shift, largest(codec)], at * rowLength + 8 + 2 * lane));
  });
  return { count: joined.length, rows, codecs: joined.map((run) => run.codecs) };
}

function largest(codec: Codec): number {
  return codec.bits > 32 ? 0 : (2 ** codec.bits - 1) | 0;
}

function fastCode(codecs: readonly Codec[]): number {
  return codecs[0]?.fast ?? fast.slow;
}

function unroll(dimensions: readonly Dimension[], offset: number, entry: number, emit: (offset: number, entry: number) => void): void {
  const [first, ...rest] = dimensions;
  if (!first) {
    emit(offset, entry);
    return;
  }
  for (let i = 0; i < first.count; i++) unroll(rest, offset + i * first.stride, entry + i * first.step, emit);
}

/** Sub-fields of one bit field of one or two octets are read from it together. */
function joinLanes(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const follows =
      last !== undefined && last.codecs.length < mostLanes && fast.hasLanes(fastCode(run.codecs)) && fastCode(last.codecs) === fastCode(run.codecs) &&
      last.offset === run.offset && last.entry + last.codecs.length === run.entry && sameForm(last, run);
    if (follows) last.codecs = [...last.codecs, ...run.codecs];
    else joined.push({ ...run });
  }
  return joined;
}

/**
 * Joins runs side by side that fill each other's gaps: k fields of one form in a record of nothing else are one run through the whole array,
 * and so are single fields one after the other.
 */
function joinNeighbours(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (let at = 0; at < runs.length; ) {
    const first = runs[at]!;
    const width = first.codecs[0]?.width ?? 0;
    let side = 1;
    while (isNeighbour(first, runs[at + side], side * width, side)) side++;
    const whole = first.length === 1 || (first.stride === side * width && first.step === side);
    if (side > 1 && whole) {
      joined.push({ ...first, length: first.length * side, stride: width, step: 1 });
      at += side;
    } else {
      joined.push(first);
      at++;
    }
  }
  return joined;
}

function isNeighbour(first: Run, next: Run | undefined, octets: number, entries: number): boolean {
  const code = fastCode(first.codecs);
  return (
    next !== undefined && code !== fast.slow && first.codecs.length === 1 && first.codecs[0]!.shift === 0 && fastCode(next.codecs) === code &&
    next.codecs.length === 1 && next.codecs[0]!.bits === first.codecs[0]!.bits && next.codecs[0]!.shift === 0 &&
    next.offset === first.offset + octets && next.entry === first.entry + entries && sameForm(first, next)
  );
}

function sameForm(a: Run, b: Run): boolean {
  return a.length === b.length && a.stride === b.stride && a.step === b.step;
}
