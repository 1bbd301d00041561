import { equalBytes } from "@metersmith/base/bytes";
import type { Flash } from "./flash.ts";
import { erased } from "./geometry.ts";

/** Neighbouring pages of a device, with addresses of their own. */
export class FlashRegion {
  readonly #flash: Flash;
  readonly #start: number;
  readonly firstPage: number;
  readonly pages: number;
  /** Octets. */
  readonly length: number;

  constructor(flash: Flash, firstPage: number, pages: number) {
    this.#flash = flash;
    this.firstPage = firstPage;
    this.pages = pages;
    this.#start = firstPage * flash.geometry.pageSize;
    this.length = pages * flash.geometry.pageSize;
  }

  get unit(): number {
    return this.#flash.geometry.unit;
  }

  get pageSize(): number {
    return this.#flash.geometry.pageSize;
  }

  /** A copy; short where the region ends. */
  read(at: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#flash.read(this.#start + at, Math.max(0, Math.min(length, this.length - at)));
  }

  /** Octets that a write of `length` takes: whole units. */
  room(length: number): number {
    return Math.ceil(length / this.unit) * this.unit;
  }

  /** Programs unit after unit from `at`, the last filled up with ff. Whether they then read as written. */
  write(at: number, bytes: Uint8Array): boolean {
    for (let done = 0; done < bytes.length; done += this.unit) {
      const unit = new Uint8Array(this.unit).fill(erased);
      unit.set(bytes.subarray(done, done + this.unit));
      this.#flash.program(this.#start + at + done, unit);
    }
    return equalBytes(this.read(at, bytes.length), bytes);
  }

  erase(): void {
    for (let page = 0; page < this.pages; page++) this.erasePage(page);
  }

  /** Counted from the region's first. */
  erasePage(page: number): void {
    this.#flash.erase(this.firstPage + page);
  }

  isBlank(at: number, length: number): boolean {
    return this.read(at, length).every((octet) => octet === erased);
  }

  sync(): void {
    this.#flash.sync();
  }
}
