import { taken } from "../flash/flash-failure.ts";
import type { FlashRegion } from "../flash/flash-region.ts";
import { encodeSeal, readArea, sealLength, type LogArea } from "./log-area.ts";
import { encodeRecord, recordHead, recordKind } from "./log-record.ts";

/** What a log says, and how it says all of it in as few records as possible. */
export interface LogOwner {
  /** Each record that holds, in order, while the log is opened. */
  replay(content: Uint8Array): void;
  /** Everything that was replayed and appended. */
  snapshot(): readonly Uint8Array[];
}

/** A write that does not read back as written is done again so often, each time after another erasure. */
const mostTries = 3;

/**
 * A log in two areas of flash. One is active; to write a snapshot is to erase the other, fill it, and seal it twice: then that one is active. Records are appended
 * to the active area. Every change is whole or not there, wherever the power goes, and what once was read stays:
 *
 * - A record that a power cut left at the end of an area may read as whole now and not later, and a unit that reads blank may be begun. So nothing is
 *   appended to an area that was sealed before the last start: the first change after a start is a new snapshot.
 * - What was found behind the seals at a start is written to the other area before anybody acts on it.
 * - A first seal may be unstable itself; that the second one was begun proves that it is not. An area whose second seal may ever have read whole goes before
 *   every older one, whatever it reads now.
 * - A target is erased whatever it looks like.
 */
export class TwinLog {
  readonly #areas: readonly [FlashRegion, FlashRegion];
  #active: 0 | 1 | undefined;
  #generation = 0;
  /** Where the next record goes; undefined where a new snapshot must be written first. */
  #end: number | undefined;
  /** Both areas hold something, and neither reads as a log. */
  readonly damaged: boolean;

  constructor(areas: readonly [FlashRegion, FlashRegion], owner: LogOwner) {
    this.#areas = areas;
    const found = [readArea(areas[0]), readArea(areas[1])] as const;
    for (const area of found) if (area) this.#generation = Math.max(this.#generation, area.generation);
    this.#active = chosen(found);
    const area = this.#active === undefined ? undefined : found[this.#active];
    // The first snapshot of all goes to the first area: a second one that is not blank has been a log.
    this.damaged = area === undefined && !areas[1].isBlank(0, areas[1].unit);
    for (const content of area?.contents ?? []) owner.replay(content);
    if (area && !(area.secondSeal === "whole" && area.untouched)) this.rewrite(owner.snapshot());
  }

  /** What the active area holds, read again. */
  reread(): readonly Uint8Array[] {
    return this.#active === undefined ? [] : (readArea(this.#areas[this.#active])?.contents ?? []);
  }

  /** Octets that contents of these lengths take in an area, with their seals. */
  room(lengths: readonly number[]): number {
    const [area] = this.#areas;
    return lengths.reduce((sum, length) => sum + area.room(recordHead + length), 2 * area.room(recordHead + sealLength));
  }

  /** Octets of an area. */
  get capacity(): number {
    return this.#areas[0].length;
  }

  /** One more record; `snapshot` is everything including it, should it not fit. False where memory did not take it: then what was before holds. */
  append(content: Uint8Array, snapshot: () => readonly Uint8Array[]): boolean {
    const area = this.#active === undefined ? undefined : this.#areas[this.#active];
    const at = this.#end;
    const record = encodeRecord({ kind: recordKind.data, generation: this.#generation, content });
    if (!area || at === undefined || at + area.room(record.length) > area.length) return this.rewrite(snapshot());
    // Undefined while it is written: should that fail, no later record may follow on what is left of it.
    this.#end = undefined;
    if (!taken(() => durable(area, area.write(at, record)))) return this.rewrite(snapshot());
    this.#end = at + area.room(record.length);
    return true;
  }

  /** Replaces everything. False where it does not fit or memory did not take it: then what was before holds. */
  rewrite(contents: readonly Uint8Array[]): boolean {
    if (this.room(contents.map(({ length }) => length)) > this.capacity) return false;
    const target = this.#active === 0 ? 1 : 0;
    const generation = this.#generation + 1;
    const records = contents.map((content) => encodeRecord({ kind: recordKind.data, generation, content }));
    const seals = [encodeSeal(recordKind.seal, generation, records), encodeSeal(recordKind.secondSeal, generation, records)];
    for (let tries = 0; tries < mostTries; tries++) {
      if (!taken(() => durable(this.#areas[target], written(this.#areas[target], [...records, ...seals])))) continue;
      this.#active = target;
      this.#generation = generation;
      this.#end = this.room(contents.map(({ length }) => length));
      return true;
    }
    return false;
  }
}

/** Whether all records read back as written. */
function written(area: FlashRegion, records: readonly Uint8Array[]): boolean {
  area.erase();
  let at = 0;
  for (const record of records) {
    if (!area.write(at, record)) return false;
    at += area.room(record.length);
  }
  return true;
}

function durable(area: FlashRegion, written: boolean): boolean {
  if (written) area.sync();
  return written;
}

function chosen(found: readonly [LogArea | undefined, LogArea | undefined]): 0 | 1 | undefined {
  const proven = ([0, 1] as const).filter((index) => found[index] && found[index].secondSeal !== "absent");
  const candidates = proven.length > 0 ? proven : ([0, 1] as const).filter((index) => found[index]);
  return candidates.sort((a, b) => (found[b]?.generation ?? 0) - (found[a]?.generation ?? 0))[0];
}
