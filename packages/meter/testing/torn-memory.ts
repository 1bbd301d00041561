import { memoryInRam, type MeterMemory } from "../memory/meter-memory.ts";

/** How much of a write arrives before the power is gone: octets of `length`. */
export type Tear = (length: number) => number;

export const tears: readonly (readonly [name: string, tear: Tear])[] = [
  ["before it", () => 0],
  ["after its first octet", () => 1],
  ["in its middle", (length) => length >> 1],
  ["before its last octet", (length) => length - 1],
  ["after it, unanswered", (length) => length],
];

export class PowerCut extends Error {}

/** Memory whose write number `cutAt` (from 0) is cut: the first octets are new, the others what was there. From then on nothing is written: the power is off until `on`. */
export class TornMemory implements MeterMemory {
  readonly #records = memoryInRam();
  #cutAt: number;
  readonly #tear: Tear;
  writes = 0;

  constructor(cutAt = Infinity, tear: Tear = () => 0) {
    this.#cutAt = cutAt;
    this.#tear = tear;
  }

  read(key: string): Uint8Array | undefined {
    return this.#records.read(key);
  }

  write(key: string, bytes: Uint8Array): void {
    const number = this.writes++;
    if (number < this.#cutAt) return this.#records.write(key, bytes);
    if (number === this.#cutAt) {
      const before = this.#records.read(key) ?? new Uint8Array();
      const arrived = this.#tear(bytes.length);
      const mixed = new Uint8Array(arrived === bytes.length ? bytes.length : Math.max(before.length, arrived));
      mixed.set(before.subarray(0, mixed.length));
      mixed.set(bytes.subarray(0, arrived));
      if (mixed.length > 0) this.#records.write(key, mixed);
    }
    throw new PowerCut("the power is off");
  }

  on(): void {
    this.#cutAt = Infinity;
  }
}
