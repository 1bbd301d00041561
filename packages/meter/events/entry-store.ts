import { concatBytes, equalBytes } from "@metersmith/base/bytes";
import { crc32 } from "@metersmith/base/crc32";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { TwinRecord } from "../memory/twin-record.ts";
import { entryLength, keyOfEntry, readEntry, writeEntry, type EventEntry } from "./event-entry.ts";
import type { EventKey } from "./event-kind.ts";

/** Entries of a segment: an event rewrites one segment, never the whole log. */
const perSegment = 16;
const numberLength = 4;
const checkLength = 4;

/** Where the numbers begin: an entry is never number 0. */
const firstNumber = 1;

/**
 * The entries by their numbers, which go on for ever; at least the newest `places` are kept. The segment that is being filled is a twin record, so an entry once taken is not
 * lost by a power cut in the middle of the next; a full one gets a record of its own with a CRC-32, in the place of one that has left the log.
 */
export class EntryStore {
  readonly #memory: MeterMemory;
  readonly #segments: number;
  readonly #newest: TwinRecord;
  #first = firstNumber;
  #entries: Uint8Array = new Uint8Array();
  /** Something of the log was there and could not be read: its numbers are passed over. */
  readonly damaged: boolean;
  /** A power cut interrupted a write. */
  readonly torn: boolean;

  constructor(memory: MeterMemory, places: number) {
    this.#memory = memory;
    this.#segments = Math.ceil(places / perSegment) + 1;
    this.#newest = new TwinRecord(memory, "events/newest");
    const content = this.#newest.read();
    const whole = content === undefined ? !this.#newest.lost : isSegment(content);
    if (content && whole) {
      this.#first = new DataView(content.buffer, content.byteOffset).getUint32(0);
      this.#entries = content.slice(numberLength);
    } else if (!whole) {
      this.#first = this.#firstUnused();
    }
    this.damaged = !whole;
    this.torn = this.#newest.torn;
  }

  /** Number of the newest entry there ever was, 0 before the first. */
  get sequence(): number {
    return this.#first + this.#entries.length / entryLength - 1;
  }

  /** Durable on return; throws where memory does, and then nothing was added. */
  append(entry: EventEntry): void {
    if (this.#isFull) this.#seal();
    const first = this.#isFull ? this.#first + perSegment : this.#first;
    const entries = concatBytes(this.#isFull ? new Uint8Array() : this.#entries, writeEntry(entry));
    this.#newest.write(concatBytes(octetsOf(first), entries));
    this.#first = first;
    this.#entries = entries;
  }

  /** The entries from number `from` on, newest first; one that cannot be read is left out. */
  *newestFirst(from: number): Generator<{ readonly number: number; readonly entry: EventEntry }> {
    yield* entriesOf(this.#first, this.#entries, from);
    for (let first = this.#first - perSegment; first >= firstNumber && first + perSegment > from; first -= perSegment) {
      const entries = this.#sealed(first);
      if (entries) yield* entriesOf(first, entries, from);
    }
  }

  /** The kind of an entry; undefined where there is none of that number. */
  keyAt(number: number): EventKey | undefined {
    for (const newer of this.newestFirst(number)) if (newer.number === number) return keyOfEntry(newer.entry);
    return undefined;
  }

  get #isFull(): boolean {
    return this.#entries.length === perSegment * entryLength;
  }

  #keyOf(first: number): string {
    return `events/${Math.floor((first - firstNumber) / perSegment) % this.#segments}`;
  }

  #seal(): void {
    const content = concatBytes(octetsOf(this.#first), this.#entries);
    const sealed = concatBytes(content, octetsOf(crc32(content)));
    const key = this.#keyOf(this.#first);
    const before = this.#memory.read(key);
    if (!before || !equalBytes(before, sealed)) this.#memory.write(key, sealed);
  }

  /** The entries of the full segment that begins with a number; undefined where its record is missing or damaged. */
  #sealed(first: number): Uint8Array | undefined {
    const found = sealedContent(this.#memory.read(this.#keyOf(first)));
    return found?.first === first ? found.entries : undefined;
  }

  /** A number past all that may have been given: none is given twice. After the newest full segment came the lost one, and every segment that cannot be read may be newer too. */
  #firstUnused(): number {
    let newest = firstNumber - perSegment;
    let unreadable = 0;
    for (let segment = 0; segment < this.#segments; segment++) {
      const sealed = this.#memory.read(`events/${segment}`);
      const first = sealedContent(sealed)?.first;
      if (first !== undefined) newest = Math.max(newest, first);
      else if (sealed) unreadable += 1;
    }
    return newest + (2 + unreadable) * perSegment;
  }
}

function sealedContent(sealed: Uint8Array | undefined): { first: number; entries: Uint8Array } | undefined {
  if (sealed?.length !== numberLength + perSegment * entryLength + checkLength) return undefined;
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.length);
  if (view.getUint32(sealed.length - checkLength) !== crc32(sealed.subarray(0, -checkLength))) return undefined;
  return { first: view.getUint32(0), entries: sealed.subarray(numberLength, -checkLength) };
}

function isSegment(content: Uint8Array): boolean {
  const entries = content.length - numberLength;
  if (entries < 0 || entries % entryLength !== 0 || entries > perSegment * entryLength) return false;
  return new DataView(content.buffer, content.byteOffset).getUint32(0) % perSegment === firstNumber;
}

function* entriesOf(first: number, entries: Uint8Array, from: number): Generator<{ number: number; entry: EventEntry }> {
  for (let index = entries.length / entryLength - 1; index >= 0 && first + index >= from; index--) yield { number: first + index, entry: readEntry(entries, index * entryLength) };
}

function octetsOf(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
