export interface PairedOptions {
  readonly rounds: number;
  /** How long one batch runs at least; long against the clock's resolution, short against the machine's moods. */
  readonly batchMillis: number;
  /** Milliseconds of a clock that only moves forward; `performance.now` outside tests. */
  readonly now: () => number;
}

export interface PairedFigure {
  /** Nanoseconds per call of the code measured, median of the rounds. */
  readonly value: number;
  /** The same of its peer. */
  readonly limit: number;
  /** Median of the rounds' own ratios, peer's time over the time measured: 1 is as fast as the peer. */
  readonly ratio: number;
}

/** Whatever the measured code gives is kept here, so that no compiler finds it useless. */
let kept = 0;

/**
 * Measures code against its peer in one run: both warmed up, then batch beside batch, the order changing each round, so that
 * a machine that slows down slows both. Each function does one operation and gives a number that depends on its work.
 */
export function paired(ours: () => number, peer: () => number, options: Partial<PairedOptions> = {}): PairedFigure {
  const { rounds = 31, batchMillis = 8, now = () => performance.now() } = options;
  const time = (work: () => number, count: number): number => {
    const start = now();
    for (let at = 0; at < count; at++) kept += work();
    return now() - start;
  };
  const counts = { ours: batchSize(ours, time, batchMillis), peer: batchSize(peer, time, batchMillis) };
  const samples = Array.from({ length: rounds }, (_, round) => {
    const measureOurs = (): number => (time(ours, counts.ours) * 1e6) / counts.ours;
    const measurePeer = (): number => (time(peer, counts.peer) * 1e6) / counts.peer;
    if (round % 2 === 0) {
      const value = measureOurs();
      return { value, limit: measurePeer() };
    }
    const limit = measurePeer();
    return { value: measureOurs(), limit };
  });
  if (Number.isNaN(kept)) kept = 0;
  return {
    value: median(samples.map((sample) => sample.value)),
    limit: median(samples.map((sample) => sample.limit)),
    ratio: median(samples.map((sample) => sample.limit / sample.value)),
  };
}

/**
 * Calls per batch: doubled until a batch lasts long enough, and once more at that size, by when the code is compiled. Of each size the shortest of three batches counts: one that a
 * busy machine set aside for a while would pass for a long one, and leave batches of a single call, which measure the clock.
 */
function batchSize(work: () => number, time: (work: () => number, count: number) => number, batchMillis: number): number {
  const shortest = (count: number): number => Math.min(time(work, count), time(work, count), time(work, count));
  let count = 1;
  while (shortest(count) < batchMillis && count < 2 ** 30) count *= 2;
  const warm = shortest(count);
  return warm <= 0 ? count : Math.max(1, Math.ceil((count * batchMillis) / warm));
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
