import { octetsInUse } from "../octets-in-use.ts";

/** Looks that are not counted: code is compiled and caches fill in the first. */
const warmUp = 8;
/** Growth that is none: what the collector leaves lying about. */
const tolerance = 2 * 2 ** 20;

/** What an attack leaves in memory while the ends attacked live: looks at it now and then, each after a collection. */
export class MemoryWatch {
  readonly #seen: number[] = [];

  look(): void {
    this.#seen.push(octetsInUse());
  }

  /** Throws where the last quarter of the looks found more than the first, at the median. */
  mustNotHaveGrown(what: string): void {
    const [first, last] = this.#quarters();
    if (last - first > tolerance) throw new Error(`${what}: memory grew from ${mebibytes(first)} to ${mebibytes(last)} MiB over ${this.#seen.length} looks`);
  }

  words(): string {
    const [first, last] = this.#quarters();
    return `memory after collection ${mebibytes(first)} MiB at first, ${mebibytes(last)} MiB at last, at most ${mebibytes(Math.max(0, ...this.#seen))} MiB, ${this.#seen.length} looks`;
  }

  #quarters(): readonly [number, number] {
    const counted = this.#seen.length > 2 * warmUp ? this.#seen.slice(warmUp) : this.#seen;
    const quarter = Math.max(1, Math.floor(counted.length / 4));
    return [median(counted.slice(0, quarter)), median(counted.slice(-quarter))];
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function mebibytes(octets: number): string {
  return (octets / 2 ** 20).toFixed(1);
}
