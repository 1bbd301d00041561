/** `quick` measures and bounds its own small scale in under 50 s; `full` the scale an issue asks for. Nothing is extrapolated. */
export type BenchMode = "quick" | "full";

/** One measured figure; as JSON exactly these keys, one line per figure. */
export interface Figure {
  /** The bench it belongs to: `tables`, `start`, `psem` … */
  readonly bench: string;
  /** What was measured, with its scale where it has one: `ledger.asof.p99@200k`. */
  readonly figure: string;
  readonly value: number;
  /** Unit of `value` and of `limit`, in the usual symbol: `ns/op`, `ms`, `MB/s`. */
  readonly unit: string;
  /** The physical or theoretical limit, or the hand-written peer, measured in the same run; null where there is none. */
  readonly limit: number | null;
  /**
   * How near `value` comes to `limit`: 1 is at the limit, .5 needs twice the time or gives half the rate. From paired runs
   * where value and peer were measured interleaved. Null without a limit.
   */
  readonly ratio: number | null;
  /** What an issue asks of it, readable: `ratio >= 0.5`, `value <= 60000`; null where nothing is asked. */
  readonly bound: string | null;
  /** Whether the bound holds; true where there is none. */
  readonly ok: boolean;
}

/** A figure as a bench gives it; the frame adds the bench's name and judges the bound. */
export type Measured = Omit<Figure, "bench" | "ok">;

/** What `bench/<name>/figures.ts` exports as `bench`; bench/benches.ts lists them. */
export interface Bench {
  readonly name: string;
  /** One line: what is measured, against what. */
  readonly about: string;
  /** Figures as they become known, so that a long bench is seen to move. */
  figures(mode: BenchMode): AsyncIterable<Measured> | Promise<readonly Measured[]>;
}

const boundForm = /^(value|ratio) (<=|>=) (-?\d+(?:\.\d+)?)$/;

/** Whether a figure keeps its bound. Throws `TypeError` where the bound is written in another form than `ratio >= 0.5`. */
export function keepsBound(figure: Measured): boolean {
  if (figure.bound === null) return true;
  const parts = boundForm.exec(figure.bound);
  if (!parts) throw new TypeError(`bound "${figure.bound}" of ${figure.figure}: write it as "ratio >= 0.5" or "value <= 100"`);
  const actual = parts[1] === "value" ? figure.value : figure.ratio;
  if (actual === null || Number.isNaN(actual)) return false;
  return parts[2] === "<=" ? actual <= Number(parts[3]) : actual >= Number(parts[3]);
}
