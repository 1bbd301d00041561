/** How long somebody waits before the next attempt, by how many failed before. All in milliseconds. */
export interface GrowingDelay {
  /** So many failures cost no time. */
  readonly free: number;
  /** After the first that does; each further one doubles it. */
  readonly first: number;
  readonly longest: number;
  /** After so long without a failure all is forgotten. */
  readonly forgotten: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Ours: OWASP's Authentication Cheat Sheet asks for a lockout whose time grows, without numbers. At the longest delay a guesser has
 * 96 attempts a day at one account. Nobody is shut out for ever, and a device that signed in before counts by itself.
 */
export const byAccount: GrowingDelay = { free: 5, first: SECOND, longest: 15 * MINUTE, forgotten: 24 * HOUR };
/** One address may stand for a whole office. */
export const byAddress: GrowingDelay = { free: 30, first: SECOND, longest: MINUTE, forgotten: HOUR };
/** Letters that somebody else can cause to be sent. */
export const byRecipient: GrowingDelay = { free: 2, first: MINUTE, longest: 6 * HOUR, forgotten: 24 * HOUR };

export interface Failures {
  readonly count: number;
  /** Epoch milliseconds of the last. */
  readonly lastAt: number;
}

/** How long from `now` until the next attempt is let through; 0 where it is now. A clock that went back makes nobody wait longer than the delay. */
export function waitFor({ free, first, longest, forgotten }: GrowingDelay, failures: Failures | undefined, now: number): number {
  if (!failures || failures.count < free || now - failures.lastAt >= forgotten) return 0;
  const delay = Math.min(longest, first * 2 ** Math.min(failures.count - free, 40));
  return Math.max(0, Math.min(delay, failures.lastAt + delay - now));
}

/** What is on record after one more failure. */
export function counted(delay: GrowingDelay, failures: Failures | undefined, now: number): Failures {
  const before = failures && now - failures.lastAt < delay.forgotten ? failures.count : 0;
  return { count: before + 1, lastAt: now };
}
