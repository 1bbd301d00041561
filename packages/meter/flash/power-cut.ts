import { MeterError } from "../meter-error.ts";
import type { Flash } from "./flash.ts";
import type { FlashChip } from "./flash-chip.ts";
import { erasureCuts, type ErasureCut, type ProgramCut } from "./flash-page.ts";
import { erased } from "./geometry.ts";

/** One operation that changes a flash device. */
export type FlashOperation = { readonly do: "program"; readonly at: number; readonly bytes: Uint8Array } | { readonly do: "erase"; readonly page: number };

/** Where within an operation the power goes: before it, after it, or in it, leaving that. */
export type Cut = "before" | "after" | ProgramCut | ErasureCut;

/**
 * All cuts of an operation. Torn programming leaves prefixes of 0, 1, half and all but one octet, and, since a unit may end in octets that are ff anyway, all but
 * the last that is not; each with the next octet steady and, where it changes, unstable.
 */
export function cutsOf(operation: FlashOperation): readonly Cut[] {
  if (operation.do === "erase") return ["before", ...erasureCuts, "after"];
  const { bytes } = operation;
  const last = Math.max(0, bytes.findLastIndex((octet) => octet !== erased));
  const prefixes = new Set([0, 1, bytes.length / 2, last, bytes.length - 1]);
  const torn = [...prefixes].flatMap((octets) => [{ octets, steady: true }, ...(bytes[octets] === erased ? [] : [{ octets, steady: false }])]);
  return ["before", ...torn, "after"];
}

/** Does to the chip what is done of the operation when the power goes there. */
export function applyCut(chip: FlashChip, operation: FlashOperation, cut: Cut): void {
  if (cut === "before") return;
  if (operation.do === "program") {
    if (cut === "after") chip.program(operation.at, operation.bytes);
    else if (typeof cut === "object") chip.tearProgram(operation.at, operation.bytes, cut);
  } else if (cut === "after") chip.erase(operation.page);
  else if (typeof cut === "string") chip.tearErase(operation.page, cut);
}

/** The power is gone: nothing of RAM survives, and what throws this never returns. Only provoked. */
export function powerCut(): MeterError {
  return new MeterError("link", "power-cut", "The power failed, as was asked for.");
}

export function isPowerCut(error: unknown): boolean {
  return error instanceof MeterError && error.code === "power-cut";
}

/** Counts the operations on a chip, and cuts the power at one: then this and every later call throws `power-cut`, so that nothing that caught it goes on. */
export class CutFlash implements Flash {
  readonly #chip: FlashChip;
  readonly #at: number;
  readonly #cut: (operation: FlashOperation) => Cut;
  readonly #watch: (operation: FlashOperation) => void;
  #count = 0;
  #off = false;

  /** Cuts at operation `at`, counted from 0, where `cut` says; `watch` is told of each operation before it is done. */
  constructor(chip: FlashChip, at = Infinity, cut: (operation: FlashOperation) => Cut = () => "before", watch: (operation: FlashOperation) => void = () => {}) {
    this.#chip = chip;
    this.#at = at;
    this.#cut = cut;
    this.#watch = watch;
  }

  get geometry(): Flash["geometry"] {
    return this.#chip.geometry;
  }

  /** Operations so far. */
  get operations(): number {
    return this.#count;
  }

  read(at: number, length: number): Uint8Array<ArrayBuffer> {
    this.#mustBeOn();
    return this.#chip.read(at, length);
  }

  program(at: number, bytes: Uint8Array): void {
    this.#operate({ do: "program", at, bytes });
  }

  erase(page: number): void {
    this.#operate({ do: "erase", page });
  }

  sync(): void {
    this.#mustBeOn();
    this.#chip.sync();
  }

  #operate(operation: FlashOperation): void {
    this.#mustBeOn();
    this.#watch(operation);
    if (this.#count++ !== this.#at) return applyCut(this.#chip, operation, "after");
    this.#off = true;
    applyCut(this.#chip, operation, this.#cut(operation));
    throw powerCut();
  }

  #mustBeOn(): void {
    if (this.#off) throw powerCut();
  }
}
