import { equalBytes } from "@metersmith/base/bytes";
import { taken } from "../flash/flash-failure.ts";
import type { FlashRegion } from "../flash/flash-region.ts";

/**
 * The non-volatile buffer that an image is received into, octets by offset in any order. A page counts once all its octets were written since it was last
 * erased, without a loss of power between: of any other page nothing is believed after a restart, and it is erased before it is written again.
 */
export class ImageBuffer {
  readonly #region: FlashRegion;
  /** Pages under way since the start, and which of their units are written. */
  readonly #units = new Map<number, Uint8Array>();

  constructor(region: FlashRegion) {
    this.#region = region;
  }

  /** Octets. */
  get length(): number {
    return this.#region.length;
  }

  /** Octets that are written at a time. */
  get unit(): number {
    return this.#region.unit;
  }

  get pageSize(): number {
    return this.#region.pageSize;
  }

  pagesOf(size: number): number {
    return Math.ceil(size / this.pageSize);
  }

  /** Whatever is there belongs to another image. */
  forget(): void {
    this.#units.clear();
  }

  /** Whole units; what is there already must be the same. Answers the pages that have all their octets now. */
  write(offset: number, bytes: Uint8Array, size: number, received: Uint8Array): { readonly result: "ok" | "differs" | "memory"; readonly whole: readonly number[] } {
    const whole: number[] = [];
    for (let done = 0; done < bytes.length; done += this.unit) {
      const at = offset + done;
      const page = Math.floor(at / this.pageSize);
      const unit = bytes.subarray(done, done + this.unit);
      const complete = isReceived(received, page) || whole.includes(page);
      if (!complete && !taken(() => this.#start(page))) return { result: "memory", whole };
      const units = complete ? undefined : this.#units.get(page);
      const index = (at % this.pageSize) / this.unit;
      if (!units || units[index] === 1) {
        if (!equalBytes(this.#region.read(at, unit.length), unit)) return { result: "differs", whole };
        continue;
      }
      units[index] = 1;
      if (!taken(() => this.#region.write(at, unit))) {
        // Memory that does not hold this holds nothing of the page: it is erased before the next try.
        this.#units.delete(page);
        return { result: "memory", whole };
      }
      const needed = Math.ceil((Math.min(size, (page + 1) * this.pageSize) - page * this.pageSize) / this.unit);
      if (units.subarray(0, needed).every((written) => written === 1)) whole.push(page);
    }
    return { result: "ok", whole };
  }

  read(size: number): Uint8Array {
    return this.#region.read(0, size);
  }

  #start(page: number): boolean {
    if (this.#units.has(page)) return true;
    this.#region.erasePage(page);
    this.#units.set(page, new Uint8Array(this.pageSize / this.unit));
    return true;
  }
}

export function isReceived(received: Uint8Array, page: number): boolean {
  return (((received[page >> 3] ?? 0) >> (page & 7)) & 1) === 1;
}

export function withReceived(received: Uint8Array, pages: readonly number[]): Uint8Array {
  const next = received.slice();
  for (const page of pages) next[page >> 3] = (next[page >> 3] ?? 0) | (1 << (page & 7));
  return next;
}
