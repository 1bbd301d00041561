import type { CivilSeconds } from "../time/civil-date.ts";

export interface DemandState {
  watts: number;
  /** When the highest interval ended, by the meter's clock. */
  at: CivilSeconds | null;
  cumulative: number;
}

export interface RegisterBlock {
  /** Watt-hours, var-hours or volt-ampere-hours since the last clearing. */
  summations: number[];
  demands: DemandState[];
}

/** What the registers hold, before units. `blocks`: the total, then tier by tier. */
export interface RegisterState {
  /** Measured up to here, host seconds since 1970. */
  to: number;
  resets: number;
  /** Of the demand interval under way, by demand. */
  intervals: number[];
  blocks: RegisterBlock[];
}

/** The stored state where it has the shape of `like`, else undefined. */
export function parseRegisters(stored: unknown, like: RegisterState): RegisterState | undefined {
  return sameShape(stored, like) ? (stored as RegisterState) : undefined;
}

function sameShape(value: unknown, like: unknown): boolean {
  if (typeof like === "number") return typeof value === "number" && Number.isFinite(value);
  if (like === null) return value === null || typeof value === "number";
  if (Array.isArray(like)) return Array.isArray(value) && value.length === like.length && like.every((item, index) => sameShape(value[index], item));
  if (typeof like === "object") {
    return typeof value === "object" && value !== null && Object.entries(like).every(([key, item]) => sameShape((value as Record<string, unknown>)[key], item));
  }
  return false;
}
