import { cardMemoryInRam, type CardMemory } from "../download/card-memory.ts";

/** A card's memory that loses its power before or after a change, counted from 0, and answers nothing from then on. */
export class MemoryWithCuts implements CardMemory {
  readonly #kept = cardMemoryInRam();
  #off = false;
  changes = 0;
  cut: { readonly change: number; readonly when: "before" | "after" } | undefined;

  powerUp(): void {
    this.#off = false;
    this.cut = undefined;
  }

  read(key: string): Uint8Array | undefined {
    this.#mustBeOn();
    return this.#kept.read(key);
  }

  write(key: string, octets: Uint8Array): void {
    this.#change(() => this.#kept.write(key, octets));
  }

  clear(prefix: string): void {
    this.#change(() => this.#kept.clear(prefix));
  }

  #change(work: () => void): void {
    this.#mustBeOn();
    const isCut = this.cut?.change === this.changes++;
    if (!isCut || this.cut?.when === "after") work();
    if (!isCut) return;
    this.#off = true;
    this.#mustBeOn();
  }

  #mustBeOn(): void {
    if (this.#off) throw new Error("the card has no power");
  }
}
