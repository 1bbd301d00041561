import { crc32 } from "@metersmith/base/crc32";
import type { MeterMemory } from "./meter-memory.ts";

/** Generation and CRC-32 in front of the content, 4 octets each. */
const headerLength = 8;

/**
 * A record that a loss of power in the middle of a write does not lose: it is kept twice, each write goes to the older copy, and each copy carries its generation
 * and a CRC-32. A copy that is not whole is known as such, and the other one serves.
 */
export class TwinRecord {
  readonly #memory: MeterMemory;
  readonly #key: string;
  #generation = 0;
  #state: "whole" | "torn" | "lost" = "whole";

  constructor(memory: MeterMemory, key: string) {
    this.#memory = memory;
    this.#key = key;
  }

  /** A copy was not whole when the record was read, and needs not be: a write was interrupted, and never acknowledged. */
  get torn(): boolean {
    return this.#state === "torn";
  }

  /** There was something, and it is gone. */
  get lost(): boolean {
    return this.#state === "lost";
  }

  /** The newest whole copy; undefined where there is none. */
  read(): Uint8Array | undefined {
    let newest: { generation: number; content: Uint8Array } | undefined;
    const broken: number[] = [];
    for (const place of [0, 1]) {
      const stored = this.#memory.read(this.#keyOf(place));
      if (stored === undefined) continue;
      const copy = opened(stored);
      if (!copy) broken.push(place);
      if (copy && copy.generation % 2 === place && (newest === undefined || copy.generation > newest.generation)) newest = copy;
    }
    // The first write of all goes to place 1: where that is all there is, nothing was acknowledged yet.
    const firstTorn = broken.length === 1 && broken[0] === 1 && this.#memory.read(this.#keyOf(0)) === undefined;
    this.#state = broken.length === 0 ? "whole" : newest || firstTorn ? "torn" : "lost";
    this.#generation = newest?.generation ?? 0;
    return newest?.content;
  }

  /** Durable on return; where memory throws, what was written before is what will be read. */
  write(content: Uint8Array): void {
    const generation = this.#generation + 1;
    const bytes = new Uint8Array(headerLength + content.length);
    bytes.set(content, headerLength);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, generation);
    view.setUint32(4, checkOf(bytes));
    this.#memory.write(this.#keyOf(generation % 2), bytes);
    this.#generation = generation;
  }

  #keyOf(place: number): string {
    return `${this.#key}.${place}`;
  }
}

function opened(bytes: Uint8Array): { generation: number; content: Uint8Array } | undefined {
  if (bytes.length < headerLength) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint32(4) === checkOf(bytes) ? { generation: view.getUint32(0), content: bytes.subarray(headerLength) } : undefined;
}

/** Over generation and content. */
function checkOf(bytes: Uint8Array): number {
  const checked = bytes.slice();
  checked.fill(0, 4, headerLength);
  return crc32(checked);
}
