import { failureClasses, type FailureClass } from "../diagnostics/failure-class.ts";

/**
 * How many entries of one kind may come into table 76 within 45 days: the first ones at once, further ones at even distances, never more than `most`. What comes in
 * between is counted, and the next entry says from when and how often. The sum over all kinds is at most the places of table 76, so no entry pushes another out before
 * its 45 days are over (I2NFR5), however often anything happens.
 */
export interface EventBudget {
  readonly atOnce: number;
  readonly most: number;
}

export interface MeterEvent extends EventBudget {
  readonly code: number;
  /** The code is its maker's: ours. */
  readonly manufacturer?: true;
  /** Number of the diagnostic that it is about. */
  readonly diagnostic?: number;
  /** Informational where absent. */
  readonly class?: FailureClass;
  /** Reported at once whatever its class (I2FR1, I2FR17). */
  readonly critical?: true;
}

/** What a utility wants to see one by one: who changed what, when power was back. */
const audited: EventBudget = { atOnce: 12, most: 24 };
const common: EventBudget = { atOnce: 4, most: 8 };
const seldom: EventBudget = { atOnce: 2, most: 4 };

/** What this meter logs besides its diagnostics. Codes of the standard by facts ST76; the maker's codes are ours. */
export const meterEvent = {
  powerDown: { code: 1, ...audited },
  powerUp: { code: 2, ...audited },
  timeChangedFrom: { code: 3, ...audited },
  timeChangedTo: { code: 4, ...audited },
  programmed: { code: 11, ...audited },
  sessionBroken: { code: 13, ...common },
  listReset: { code: 14, ...common },
  listUpdated: { code: 15, ...seldom },
  logCleared: { code: 18, ...common },
  logUpdated: { code: 19, ...seldom },
  demandReset: { code: 20, ...common },
  wrongPassword: { code: 0, manufacturer: true, ...common },
  lockedOut: { code: 1, manufacturer: true, ...common },
  /** A record was found half written after a loss of power; what it held before served. */
  recordTorn: { code: 2, manufacturer: true, ...seldom },
  /** A diagnostic that had failed passed; the detail is its number. */
  passedAgain: { code: 9, manufacturer: true, ...audited },
  /** The metrology check was made; the detail is 0 where all of it passed. It is to be seen with each daily read (I2NFR6). */
  metrologyChecked: { code: 10, manufacturer: true, atOnce: 2, most: 48 },
} as const satisfies Record<string, MeterEvent>;

/** Whether a report of it goes out at once. */
export function isUrgent({ class: kind = "informational", critical }: MeterEvent): boolean {
  return critical === true || failureClasses[kind].importance === "high";
}

/** Tells kinds of events apart: code, whose code, and the diagnostic. 20 bits. */
export type EventKey = number;

export function keyOf({ code, manufacturer, diagnostic = 0 }: { readonly code: number; readonly manufacturer?: boolean; readonly diagnostic?: number }): EventKey {
  return (diagnostic << 12) | (manufacturer ? 0x800 : 0) | code;
}
