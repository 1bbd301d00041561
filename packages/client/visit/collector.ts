import { fromHex, toHex } from "@metersmith/base/bytes";
import type { DecodedTable, MeterContext, TableId } from "@metersmith/tables";
import { ClientError } from "../client-error.ts";
import type { MeterClient } from "../meter-client.ts";
import type { Waiting } from "../waiting.ts";
import type { ReadSoFar } from "./position.ts";

export interface ReadingProgress {
  /** Tables, events and blocks read, of those known to be needed so far. */
  readonly done: number;
  readonly total: number;
  /** In words: `table 23`, `load profile block 4711`. */
  readonly what: string;
  /** Keep it to go on after an interruption. */
  readonly soFar: ReadSoFar;
}

export interface ReadingOptions extends Waiting {
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** What an interrupted reading of the same meter had gathered. */
  readonly from?: ReadSoFar;
}

const identityTable = 1;

/** Gathers octets of one meter, remembering what it has, in steps that may be interrupted between any two requests. */
export class Collector {
  readonly meter: MeterClient;
  readonly context: MeterContext;
  readonly name: string;
  readonly waiting: Waiting;
  readonly #options: ReadingOptions;
  #tables: ReadSoFar["tables"];
  #blocks: ReadSoFar["blocks"];
  #done = 0;
  #total = 0;

  private constructor(meter: MeterClient, context: MeterContext, name: string, identity: Uint8Array, options: ReadingOptions) {
    this.meter = meter;
    this.context = context;
    this.name = name;
    this.waiting = options.signal ? { signal: options.signal } : {};
    this.#options = options;
    const read = [...meter.dimensionImages, [identityTable, identity] as const];
    this.#tables = { ...options.from?.tables, ...Object.fromEntries(read.map(([table, image]) => [table, toHex(image)])) };
    this.#blocks = options.from?.blocks ?? {};
  }

  /** Reads who the meter is. Rejects as `other-meter` where `positionOf`, or what is to be gone on from, is of another. */
  static async of(meter: MeterClient, options: ReadingOptions, positionOf?: string): Promise<Collector> {
    const waiting = options.signal ? { signal: options.signal } : {};
    const context = await meter.context(waiting);
    const identity = await meter.readImage(identityTable, waiting);
    const name = nameIn(context.decode(identityTable, identity));
    for (const other of [positionOf, options.from?.meter]) {
      if (other !== undefined && other !== name) {
        throw new ClientError("misuse", "other-meter", `The position given is of ${other}; this meter is ${name}. Nothing more was read.`, { expected: other, actual: name });
      }
    }
    return new Collector(meter, context, name, identity, options);
  }

  get soFar(): ReadSoFar {
    return { meter: this.name, tables: this.#tables, blocks: this.#blocks };
  }

  expect(steps: number): void {
    this.#total += steps;
  }

  step(what: string): void {
    this.#done += 1;
    this.#options.onProgress?.({ done: this.#done, total: Math.max(this.#done, this.#total), what, soFar: this.soFar });
    this.waiting.signal?.throwIfAborted();
  }

  /** A whole table, once in a reading, unless `now` asks for it as it is now. */
  async table(table: TableId, now = false): Promise<Uint8Array> {
    const known = now ? undefined : this.#tables[table];
    const image = known === undefined ? await this.meter.readImage(table, this.waiting) : fromHex(known);
    if (known === undefined) this.#tables = { ...this.#tables, [table]: toHex(image) };
    this.step(`table ${table}`);
    return image;
  }

  /** Octets of a table as they are now; out of the whole table where the meter gives no parts. */
  async range(table: TableId, offset: number, count: number): Promise<Uint8Array> {
    if (this.meter.takesOffsets) return this.meter.readRange(table, offset, count, this.waiting);
    return (await this.meter.readImage(table, this.waiting)).slice(offset, offset + count);
  }

  /** Numbers of the blocks of a set that an interrupted reading had gathered, ascending. */
  blocksOf(set: number): number[] {
    return Object.keys(this.#blocks).filter((key) => key.startsWith(`${set}/`)).map((key) => Number(key.slice(2))).sort((a, b) => a - b);
  }

  block(key: string): Uint8Array | undefined {
    const known = this.#blocks[key];
    return known === undefined ? undefined : fromHex(known);
  }

  keepBlock(key: string, octets: Uint8Array): void {
    this.#blocks = { ...this.#blocks, [key]: toHex(octets) };
  }
}

/** `MANUFACTURER MODEL SERIAL`. */
function nameIn(identity: DecodedTable): string {
  return ["MANUFACTURER", "ED_MODEL", "MFG_SERIAL_NUMBER"].map((field) => identity.text(field).trim()).join(" ");
}
