import { seededRandom, type Random } from "@metersmith/base/random";
import { MeterError } from "../meter-error.ts";
import type { Flash } from "./flash.ts";
import { blankPage, halfErasedPage, programmedPage, tornPage, type ErasureCut, type FlashPage, type ProgramCut } from "./flash-page.ts";
import { erased, type FlashGeometry } from "./geometry.ts";
import type { PageStore } from "./page-store.ts";
import type { SharedPages } from "./shared-pages.ts";
import { pageFrom, storedPage } from "./stored-page.ts";

/** What all devices of a kind have alike. */
export interface FlashKind {
  readonly geometry: FlashGeometry;
  /** By page, as it leaves the factory; blank where absent. */
  readonly factory: ReadonlyMap<number, FlashPage>;
  readonly blank: FlashPage;
  /** Where equal contents become one; each device has its own where absent. */
  readonly shared?: SharedPages;
}

interface OwnPage {
  readonly page: FlashPage;
  readonly erasures: number;
}

/**
 * A flash device, simulated: stricter than real ones. Holds only those pages that it has changed; contents equal to another device's are shared at `sync`. A
 * violation of the device's rules throws `flash-misuse`: it is a defect of the board's program, not an event.
 */
export class FlashChip implements Flash {
  readonly #kind: FlashKind;
  readonly #own: Map<number, OwnPage>;
  readonly #store: PageStore | undefined;
  readonly #random: Random;
  /** What was changed since the last `sync`, as it was then. */
  readonly #before = new Map<number, OwnPage | undefined>();

  /** `random` decides what unstable bits read as. */
  constructor(kind: FlashKind, store?: PageStore, random: Random = seededRandom(1)) {
    this.#kind = kind;
    this.#store = store;
    this.#random = random;
    this.#own = new Map();
    for (const [page, stored] of store?.load() ?? []) this.#own.set(page, this.#restored(stored));
  }

  get geometry(): FlashGeometry {
    return this.#kind.geometry;
  }

  /** Pages that are not as the factory made them. */
  get ownPages(): number {
    return this.#own.size;
  }

  /** Whether the page is one that other devices hold too, or the factory's. */
  holds(page: number): FlashPage {
    return this.#page(page).page;
  }

  erasures(page: number): number {
    return this.#page(page).erasures;
  }

  /** A second device in the same state, which then goes its own way; what both have is shared. `random` as of the constructor. */
  fork(random: Random = this.#random): FlashChip {
    const chip = new FlashChip(this.#kind, undefined, random);
    for (const [page, own] of this.#own) chip.#own.set(page, own);
    return chip;
  }

  read(at: number, length: number): Uint8Array<ArrayBuffer> {
    const { pages, pageSize } = this.geometry;
    if (at < 0 || length < 0 || at + length > pages * pageSize) throw misuse(`reads ${length} octets at ${at}`, at);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const number = Math.floor((at + done) / pageSize);
      const offset = (at + done) % pageSize;
      const count = Math.min(length - done, pageSize - offset);
      const { page } = this.#page(number);
      bytes.set(page.bytes.subarray(offset, offset + count), done);
      for (const [place, mask] of page.unstable ?? []) {
        if (place < offset || place >= offset + count) continue;
        const index = done + place - offset;
        bytes[index] = (bytes[index] ?? erased) & ~(mask & this.#fallen());
      }
      done += count;
    }
    return bytes;
  }

  program(at: number, bytes: Uint8Array): void {
    const { number, offset, own } = this.#programmable(at, bytes);
    this.#put(number, { ...own, page: this.#worn(own.erasures, number, programmedPage(own.page, this.geometry, offset, bytes)) });
  }

  erase(page: number): void {
    const own = this.#erasable(page);
    const erasures = own.erasures + 1;
    this.#put(page, { page: this.#worn(erasures, page, this.#kind.blank), erasures });
  }

  /** What a power cut within `program` leaves. */
  tearProgram(at: number, bytes: Uint8Array, cut: ProgramCut): void {
    const { number, offset, own } = this.#programmable(at, bytes);
    this.#put(number, { ...own, page: tornPage(own.page, this.geometry, offset, bytes, cut) });
  }

  /** What a power cut within `erase` leaves. */
  tearErase(page: number, cut: ErasureCut): void {
    const own = this.#erasable(page);
    this.#put(page, { page: halfErasedPage(own.page, this.geometry, cut), erasures: own.erasures + 1 });
  }

  /** Where the store throws, this throws too, and the device is as it was saved last. */
  sync(): void {
    const { shared } = this.#kind;
    const changed = new Map<number, OwnPage>();
    for (const number of this.#before.keys()) {
      const { page, erasures } = this.#page(number);
      changed.set(number, { page: shared?.share(page) ?? page, erasures });
    }
    try {
      if (changed.size > 0) this.#store?.save(new Map([...changed].map(([number, own]) => [number, storedPage(own.page, own.erasures)])));
      for (const [number, own] of changed) this.#own.set(number, own);
    } catch (error) {
      for (const [number, own] of this.#before) {
        if (own) this.#own.set(number, own);
        else this.#own.delete(number);
      }
      throw error;
    } finally {
      this.#before.clear();
    }
  }

  /** Which bits of an unstable octet read as 0 this time: all, none or any, one as likely as the other. */
  #fallen(): number {
    const drawn = this.#random.next() * 3;
    if (drawn < 1) return erased;
    return drawn < 2 ? 0 : Math.floor((drawn - 2) * 256);
  }

  #page(number: number): OwnPage {
    return this.#own.get(number) ?? { page: this.#kind.factory.get(number) ?? this.#kind.blank, erasures: 0 };
  }

  #put(number: number, own: OwnPage): void {
    if (!this.#before.has(number)) this.#before.set(number, this.#own.get(number));
    this.#own.set(number, own);
  }

  #programmable(at: number, bytes: Uint8Array): { readonly number: number; readonly offset: number; readonly own: OwnPage } {
    const { pages, pageSize, unit, protectedPages } = this.geometry;
    const number = Math.floor(at / pageSize);
    if (bytes.length !== unit || at % unit !== 0) throw misuse(`programs ${bytes.length} octets at ${at}, where units of ${unit} are programmed`, at);
    if (number < protectedPages || number >= pages) throw misuse(`programs page ${number}, which is ${number < pages ? "protected" : "not there"}`, at);
    const own = this.#page(number);
    const offset = at % pageSize;
    if (own.page.begun[offset / unit] !== 0) throw misuse(`programs the unit at ${at} a second time without erasing page ${number}`, at);
    return { number, offset, own };
  }

  #erasable(page: number): OwnPage {
    const { pages, protectedPages } = this.geometry;
    if (page < protectedPages || page >= pages) throw misuse(`erases page ${page}, which is ${page < pages ? "protected" : "not there"}`, page * this.geometry.pageSize);
    return this.#page(page);
  }

  /** A page past its endurance keeps one bit at 0; which one follows from its number. */
  #worn(erasures: number, number: number, page: FlashPage): FlashPage {
    if (erasures <= this.geometry.endurance) return page;
    const bytes = page.bytes.slice();
    const place = (number * 167 + 5) % bytes.length;
    bytes[place] = (bytes[place] ?? erased) & ~(1 << number % 8);
    return { ...page, bytes };
  }

  /** A page that the store gives back as none is one whose erasing was begun and never ended. */
  #restored(stored: Uint8Array): OwnPage {
    return pageFrom(stored, this.geometry) ?? { page: halfErasedPage({ ...blankPage(this.geometry) }, this.geometry, "lowered"), erasures: 0 };
  }
}

function misuse(what: string, at: number): MeterError {
  return new MeterError("bug", "flash-misuse", `The board ${what}.`, { offset: at });
}
