import type { Layout } from "../layout/layout.ts";
import type { Shape } from "../layout/shape.ts";
import { tableNumber } from "../table-complaints.ts";
import { TablesError } from "../tables-error.ts";
import { mostIndices } from "./index-path.ts";
import { partialWrites } from "./partial-writes.ts";

/** How a meter lets parts of tables be read and written (DATA_ACCESS_METHOD of table 0). The whole table always can. */
export interface AccessMethods {
  readonly offset: boolean;
  readonly index: boolean;
}

/** One write request: `full` service 40, `offset` 4F, `index` 41-49 with `elements` neighbours from the index list on. */
export type TableWrite =
  | { readonly kind: "full"; readonly offset: 0; readonly bytes: Uint8Array }
  | { readonly kind: "offset"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "index"; readonly indices: readonly number[]; readonly elements: number; readonly offset: number; readonly bytes: Uint8Array };

/**
 * What a write costs beyond its data and its place: in C12.18, with everything in one packet, service, table, count and checksum 6,
 * packet 8, answer 9, acknowledgements 2. An offset costs 3 octets more, an index list 2 a number.
 */
const overheadOfRequest = 25;
const offsetOctets = 3;
const indexOctets = 2;

/**
 * The requests that turn `current` into `target` with the fewest octets on the wire, in the order of the table: by offsets, by index lists or
 * as a whole, of what the meter offers the cheapest, one kind for all. Octets between two changes are sent as they are in `target`. Nothing where
 * both are equal. Throws `mask-length` where the lengths are not both that of the layout.
 */
export function tableWrites(layout: Layout, current: Uint8Array, target: Uint8Array, methods: AccessMethods, overheadBytes = overheadOfRequest): readonly TableWrite[] {
  if (current.length !== layout.size) {
    throw new TablesError("misuse", "mask-length", `Table ${tableNumber(layout.table)} (${layout.name}) has ${layout.size} octets in this meter, not ${current.length}.`, { table: layout.table, expected: layout.size, actual: current.length });
  }
  const byOffset = partialWrites(current, target, overheadBytes + offsetOctets).map(({ offset, bytes }): TableWrite => ({ kind: "offset", offset, bytes }));
  if (byOffset.length === 0) return [];
  const candidates: { readonly cost: number; readonly writes: readonly TableWrite[] }[] = [
    { cost: overheadBytes + target.length, writes: [{ kind: "full", offset: 0, bytes: target.slice() }] },
  ];
  if (methods.offset) candidates.push({ cost: byOffset.reduce((sum, { bytes }) => sum + overheadBytes + offsetOctets + bytes.length, 0), writes: byOffset });
  if (methods.index) candidates.push(byIndex(layout, current, target, overheadBytes));
  return candidates.reduce((best, next) => (next.cost < best.cost ? next : best)).writes;
}

/** Writes so far, the last first. */
interface Chain {
  readonly before: Chain | undefined;
  readonly write: TableWrite;
}

interface Plan {
  readonly cost: number;
  readonly writes: Chain | undefined;
}

/** A run of neighbours that is being extended. */
interface Run extends Plan {
  readonly index: number;
  readonly elements: number;
  readonly offset: number;
  readonly octets: number;
}

/**
 * The cheapest cover of all changed octets by runs of neighbours, level by level: each changed child is either written from within, or by a run
 * on its own level. One pass over the children of each changed part, with the best plan that ends before a child and the best run that reaches it.
 */
function byIndex(layout: Layout, current: Uint8Array, target: Uint8Array, overhead: number): { cost: number; writes: readonly TableWrite[] } {
  const changed: number[] = [];
  for (let i = 0; i < target.length; i++) if (current[i] !== target[i]) changed.push(i);
  const differs = (from: number, octets: number): boolean => (changed[lowerBound(changed, from)] ?? Number.POSITIVE_INFINITY) < from + octets;

  const cover = (shape: Shape, at: number, within: readonly number[], start: Plan): Plan => {
    const none: Plan = { cost: Number.POSITIVE_INFINITY, writes: undefined };
    if (shape.kind === "scalar" || (shape.kind === "record" && shape.isBitField) || within.length === mostIndices) return none;
    const perWrite = overhead + indexOctets * (within.length + 1);
    let closed = start;
    let run: Run | undefined;
    for (const child of childrenOf(shape, at, changed)) {
      const { size } = child.shape;
      if (run && (child.index !== run.index + run.elements || size === 0)) run = undefined;
      const isChanged = differs(child.at, size);
      const extended = run && { ...run, cost: run.cost + size, elements: run.elements + 1, octets: run.octets + size };
      const opened = isChanged ? { cost: closed.cost + perWrite + size, writes: closed.writes, index: child.index, elements: 1, offset: child.at, octets: size } : undefined;
      run = extended && opened ? (extended.cost <= opened.cost ? extended : opened) : (extended ?? opened);
      if (!isChanged) continue;
      const inner = child.index > 0xffff ? none : cover(child.shape, child.at, [...within, child.index], closed);
      closed = run && run.index <= 0xffff && run.cost < inner.cost ? { cost: run.cost, writes: { before: run.writes, write: writeOf(run, within, target) } } : inner;
    }
    return closed;
  };
  const { cost, writes } = cover(layout.shape, 0, [], { cost: 0, writes: undefined });
  const list: TableWrite[] = [];
  for (let chain = writes; chain; chain = chain.before) list.push(chain.write);
  return { cost, writes: list.toReversed() };
}

function writeOf({ index, elements, offset, octets }: Run, within: readonly number[], target: Uint8Array): TableWrite {
  return { kind: "index", indices: [...within, index], elements, offset, bytes: target.slice(offset, offset + octets) };
}

/** Members, or the elements from the first to the last changed octet of an array, in order, with their octet in the table. */
function* childrenOf(shape: Shape, at: number, changed: readonly number[]): Generator<{ readonly index: number; readonly at: number; readonly shape: Shape }> {
  if (shape.kind === "record") {
    for (const { position, offset, shape: inner } of shape.members) yield { index: position, at: at + offset, shape: inner };
  } else if (shape.kind === "array") {
    const { element } = shape;
    const first = changed[lowerBound(changed, at)] ?? at;
    const last = changed[lowerBound(changed, at + shape.size) - 1] ?? at;
    for (let i = Math.floor((first - at) / element.size); i <= Math.floor((last - at) / element.size); i++) yield { index: i, at: at + i * element.size, shape: element };
  }
}

/** Position of the first entry that is not below `least`. */
function lowerBound(ascending: readonly number[], least: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (ascending[middle]! < least) from = middle + 1;
    else to = middle;
  }
  return from;
}
