import type { ProfileState } from "../profile/profile-state.ts";
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

/** The registers at the last demand reset. */
export interface PreviousReset {
  readonly at: CivilSeconds;
  readonly season: number;
  readonly resets: number;
  readonly blocks: readonly RegisterBlock[];
}

/** What the meter has measured, before units. `blocks`: the total, then tier by tier. */
export interface RegisterState {
  /** Measured up to here, host seconds since 1970. */
  to: number;
  resets: number;
  /** Of the demand interval under way, by demand. */
  intervals: number[];
  blocks: RegisterBlock[];
  previous: PreviousReset | null;
  /** Absent in a model without a load profile. */
  profile?: ProfileState;
}

/**
 * The stored state where it has the shape of `like`, else undefined. A record without a previous reset or a profile, as meters kept it before they had
 * either, is taken as one that has none yet.
 */
export function parseRegisters(stored: unknown, like: RegisterState, parseProfile: (stored: unknown) => ProfileState | undefined): RegisterState | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const { previous: before = null, profile: recorded = like.profile, ...registers } = stored as Partial<RegisterState>;
  const { previous: _previous, profile: _profile, ...plain } = like;
  if (!sameShape(registers, plain)) return undefined;
  const ofReset = { at: 0, season: 0, resets: 0, blocks: like.blocks };
  if (before !== null && !sameShape(before, ofReset)) return undefined;
  const state = { ...(registers as RegisterState), previous: before };
  if (!like.profile) return state;
  const profile = parseProfile(recorded);
  return profile && { ...state, profile };
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
