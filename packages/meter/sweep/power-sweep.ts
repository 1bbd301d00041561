import { crc32 } from "@metersmith/base/crc32";
import { seededRandom } from "@metersmith/base/random";
import type { FlashChip } from "../flash/flash-chip.ts";
import type { FlashPage } from "../flash/flash-page.ts";
import type { Flash } from "../flash/flash.ts";
import { applyCut, CutFlash, cutsOf, type Cut, type FlashOperation } from "../flash/power-cut.ts";

/** What the world outside knows of a device; a value that is never changed. */
export interface SweepPlan<Known> {
  readonly start: FlashChip;
  readonly known: Known;
  /**
   * One power-up and what follows, to the end; tells what the world has come to know as soon as it knows it. Throws where an invariant is broken. `chip` is the
   * same device without the supply that fails.
   */
  readonly live: (flash: Flash, known: Known, tell: (known: Known) => void, chip: FlashChip) => void;
  /** A text that is equal for what is equally known. */
  readonly keyOf: (known: Known) => string;
  /** How many cuts in a row: 1 = the power fails once. */
  readonly depth: number;
  readonly seed: number;
  /** Share of the cuts at this level (from 1) that are tried; all where absent. */
  readonly share?: (level: number) => number;
}

export interface SweepResult {
  /** Cut points of a clean run. */
  readonly clean: number;
  /** Cut points that were tried, by level. */
  readonly tried: readonly number[];
  /** Devices in different states that these left, each of which was switched on. */
  readonly states: number;
  /** Where it went wrong: the cuts that led there, and how. At most 20. */
  readonly bad: readonly string[];
}

/**
 * Cuts the power at every operation in every way, and again in what follows, as deep as asked. A device that a cut left is tried by itself, without running again
 * what led there; equal devices of which the same is known are tried once.
 */
export function sweepPower<Known>(plan: SweepPlan<Known>): SweepResult {
  const random = seededRandom(plan.seed);
  const seen = new Set<string>();
  const tried: number[] = Array.from({ length: plan.depth }, () => 0);
  const bad: string[] = [];
  let clean = 0;
  const queue: Device<Known>[] = [{ chip: plan.start.fork(), known: plan.known, level: 0, path: undefined }];
  const run = ({ chip, known, level, path }: Device<Known>): void => {
    let now = known;
    let operations = 0;
    const watch = (operation: FlashOperation): void => {
      operations++;
      const cuts = cutsOf(operation);
      if (level === 0) clean += cuts.length;
      if (level >= plan.depth) return;
      for (const cut of cuts) {
        if (plan.share && random.next() >= plan.share(level + 1)) continue;
        tried[level] = (tried[level] ?? 0) + 1;
        const child = chip.fork(seededRandom(Math.floor(random.next() * 2 ** 32)));
        applyCut(child, operation, cut);
        const key = `${stateOf(child)} ${plan.keyOf(now)}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const next = { chip: child, known: now, level: level + 1, path: { before: path, operations, operation, cut } };
        // Level after level, so that a state that was seen was reached with no more cuts than now. The last one need not wait.
        if (level + 1 === plan.depth) run(next);
        else queue.push(next);
      }
    };
    try {
      plan.live(new CutFlash(chip, Infinity, undefined, watch), known, (next) => (now = next), chip);
    } catch (error) {
      if (bad.length < 20) bad.push(`${pathText(path)}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  };
  for (let device = queue.shift(); device; device = queue.shift()) run(device);
  return { clean, tried, states: seen.size, bad };
}

/** A device that is to be switched on, and what led there. */
interface Device<Known> {
  readonly chip: FlashChip;
  readonly known: Known;
  readonly level: number;
  readonly path: CutPath | undefined;
}

interface CutPath {
  readonly before: CutPath | undefined;
  readonly operations: number;
  readonly operation: FlashOperation;
  readonly cut: Cut;
}

function pathText(path: CutPath | undefined): string {
  if (!path) return "clean run";
  return `${path.before ? `${pathText(path.before)} → ` : ""}${path.operations}: ${textOf(path.operation)}, ${cutText(path.cut)}`;
}

const hashes = new WeakMap<FlashPage, string>();

function stateOf(chip: FlashChip): string {
  let state = "";
  for (let number = 0; number < chip.geometry.pages; number++) {
    const page = chip.holds(number);
    let hash = hashes.get(page);
    if (hash === undefined) hashes.set(page, (hash = hashOf(page)));
    state += hash;
  }
  return state;
}

/** Two checksums of different kinds: a state that is taken for another is not tried. */
function hashOf(page: FlashPage): string {
  const unstable = Uint8Array.from([...(page.unstable ?? [])].flat().flatMap((number) => [number >> 8, number & 0xff]));
  let fnv = 0x811c9dc5;
  for (const part of [page.bytes, page.begun, unstable]) for (const octet of part) fnv = Math.imul(fnv ^ octet, 0x01000193);
  return `${crc32(page.bytes, crc32(page.begun, crc32(unstable))).toString(36)}.${(fnv >>> 0).toString(36)}/`;
}

function textOf(operation: FlashOperation): string {
  return operation.do === "erase" ? `erase page ${operation.page}` : `program ${operation.bytes.length} octets at ${operation.at}`;
}

function cutText(cut: Cut): string {
  return typeof cut === "string" ? cut : `${cut.octets} octets${cut.steady ? "" : ", the next unstable"}`;
}
