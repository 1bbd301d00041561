import type { Clock } from "@metersmith/base/clock";
import { refused } from "../trust-error.ts";
import type { Remote } from "./remote.ts";

/** The least that a living link brings. */
export interface Pace {
  readonly octets: number;
  readonly milliseconds: number;
}

/** 512 octets a second, over 20 s. A link that is slower than the worst radio is an attack or as good as down. */
export const usualPace: Pace = { octets: 10_240, milliseconds: 20_000 };

export interface Reading {
  readonly remote: Remote;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/** An opened file, read at no less than the pace, and to no more octets than were allowed. */
export interface PacedFile {
  readonly from: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Opens a file for reading from an octet on. Undefined where there is none. Throws `too-slow`, also within the chunks, and there `too-large` at the first
 * octet past `largest` (counted from the file's beginning): nobody is read without end.
 */
export async function openPaced({ remote, clock, pace, signal }: Reading, path: string, from: number, largest: number): Promise<PacedFile | undefined> {
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  const inTime = <T>(work: Promise<T>): Promise<T> => withinPace(work, clock, pace, path, both, ending);
  const answer = await inTime(remote.open(path, from, both));
  if (!answer.found) return undefined;
  const begin = answer.from;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const iterator = (answer.found ? answer.chunks : neverThere())[Symbol.asyncIterator]();
    let total = begin;
    let [windowFrom, inWindow] = [clock.now(), 0];
    try {
      for (;;) {
        const next = await inTime(iterator.next());
        if (next.done) return;
        total += next.value.length;
        if (total > largest) throw refused("too-large", path, `more than ${largest} octets come`);
        inWindow += next.value.length;
        if (clock.now() - windowFrom >= pace.milliseconds) {
          if (inWindow < pace.octets) throw refused("too-slow", path, `${inWindow} octets in ${pace.milliseconds / 1000} s; ${pace.octets} at least`);
          [windowFrom, inWindow] = [clock.now(), 0];
        }
        yield next.value;
      }
    } finally {
      // Also where the reader goes away: whatever is under way is let go, never waited for.
      ending.abort();
    }
  }
  return { from: begin, chunks: chunks() };
}

async function* neverThere(): AsyncGenerator<Uint8Array> {}

async function withinPace<T>(work: Promise<T>, clock: Clock, pace: Pace, path: string, signal: AbortSignal, ending: AbortController): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const timer = clock.after(pace.milliseconds, () => reject(refused("too-slow", path, `nothing came for ${pace.milliseconds / 1000} s`)));
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, stopped]);
  } catch (error) {
    ending.abort();
    work.catch(() => undefined);
    throw error;
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", abort);
  }
}

/** A whole file of at most `largest` octets; undefined where there is none. Throws `too-large`, `too-slow`. */
export async function readWhole(reading: Reading, path: string, largest: number): Promise<Uint8Array | undefined> {
  const file = await openPaced(reading, path, 0, largest);
  if (!file) return undefined;
  const parts: Uint8Array[] = [];
  for await (const chunk of file.chunks) parts.push(chunk);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
