import { diskAtRest, type Disk } from "../curves/disk.ts";
import { deadLine, type LineState } from "./line-state.ts";
import type { OpeningReason, ProtectionSetting } from "./protection-setting.ts";
import type { SwitchRating } from "./switch-rating.ts";

/** Everything that a meter's protection knows, by what survives a loss of power. Times: seconds on the caller's clock. */
export interface ProtectionState {
  /** Matter: no loss of power changes it. */
  readonly hardware: Hardware;
  /** Non-volatile memory: written (effect `keep`) before anything that depends on it. */
  readonly kept: Kept;
  /** RAM; null while the board is dead, made anew when it starts. */
  readonly running: Running | null;
}

export interface Hardware {
  /** Where the state stands in time. */
  readonly at: number;
  /** What the line has been since then. */
  readonly line: LineState;
  readonly closed: boolean;
  /** Energy in the store. */
  readonly joules: number;
}

export interface Kept {
  readonly openedBy: OpeningReason | null;
  readonly openedAt: number;
  /** The customer may close. */
  readonly armed: boolean;
  readonly faultCount: number;
  /** Closings by customer or meter since the utility last closed, or since things settled. */
  readonly reclosures: number;
}

export interface Running {
  /** Nothing is decided before: the board boots. */
  readonly readyAt: number;
  readonly disks: readonly Disk[];
  /** An element operated above the breaking current, and that was told. */
  readonly toldAboveRating: boolean;
  readonly fault: FaultWatch;
  readonly limit: { readonly overSince: number | null; readonly underSince: number | null; readonly reducedAt: number | null };
  readonly conditions: readonly { readonly since: number | null; readonly active: boolean; readonly goneAt: number }[];
  readonly reducing: boolean;
  /** The utility asked for opening, and the current did not allow it yet. */
  readonly openingOrdered: boolean;
  readonly moving: { readonly to: "open" | "closed"; readonly failsAt: number } | null;
  /** After a movement that failed: no further one before. */
  readonly restsUntil: number;
  readonly closedSince: number;
}

export interface FaultWatch {
  readonly dead: boolean;
  readonly aliveSince: number;
  readonly aboveSince: number | null;
  /** The last fault current, long enough to count, ended then; voltage has not been lost since. */
  readonly endedAt: number | null;
  /** The loss of voltage that is under way was counted then. */
  readonly countedAt: number | null;
  readonly openAt: number | null;
  readonly restrainedUntil: number;
}

export interface Protection {
  readonly rating: SwitchRating;
  readonly setting: ProtectionSetting;
}

export const keptAtFactory: Kept = { openedBy: null, openedAt: 0, armed: false, faultCount: 0, reclosures: 0 };

/** A meter that is installed at `at` without voltage, its switch closed, its store as given. */
export function initialState(at: number, { closed = true, joules = 0, kept = keptAtFactory }: { closed?: boolean; joules?: number; kept?: Kept } = {}): ProtectionState {
  return { hardware: { at, line: deadLine, closed, joules }, kept, running: null };
}

export function freshRunning({ rating, setting }: Protection, at: number): Running {
  return {
    readyAt: at + rating.bootSeconds,
    disks: setting.overcurrent.map(() => diskAtRest),
    toldAboveRating: false,
    fault: { dead: false, aliveSince: at, aboveSince: null, endedAt: null, countedAt: null, openAt: null, restrainedUntil: at + rating.bootSeconds + (setting.sectionalize?.inrush.seconds ?? 0) },
    limit: { overSince: null, underSince: null, reducedAt: null },
    conditions: setting.conditions.map(() => ({ since: null, active: false, goneAt: at })),
    reducing: false,
    openingOrdered: false,
    moving: null,
    restsUntil: at,
    closedSince: at,
  };
}
