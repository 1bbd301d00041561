/**
 * The calendar as a meter holds it: seasons that begin on dates of the year, schedules of the day, and dated entries.
 * Parameters become one (`expandCalendar`), table 54 is one in bytes, and reading a meter back gives one again.
 */
export interface Calendar {
  readonly seasons: readonly Season[];
  readonly schedules: readonly DaySchedule[];
  readonly seasonStarts: readonly SeasonStart[];
  /** In order of date. */
  readonly dated: readonly DatedEntry[];
  /** The last day that the dated entries speak for (`2035-12-31`); null where nothing is dated, so that it never ends. */
  readonly endsOn: string | null;
}

/** Schedules by their index in `schedules`; `special` by the number of the special schedule. */
export interface Season {
  readonly name: string;
  readonly weekday: number;
  readonly saturday: number;
  readonly sunday: number;
  readonly special: readonly number[];
}

export interface DaySchedule {
  readonly name: string;
  /** In order of minute. Before the first one the tier of the day before holds. */
  readonly switches: readonly TierSwitch[];
}

/** `applies`: which registers change their tier; meters without separate tiers know `both` only. */
export interface TierSwitch {
  /** Minutes after midnight by the meter's clock, 0–1439. */
  readonly minute: number;
  /** 0–7. */
  readonly tier: number;
  readonly applies: "both" | "energy" | "demand";
}

/** Every year at midnight of this date. */
export interface SeasonStart {
  readonly month: number;
  readonly day: number;
  readonly season: number;
}

export type DatedEntry = { readonly date: string } & (
  | { readonly action: "daylight-on" | "daylight-off" }
  | { readonly action: "season"; readonly season: number }
  | { readonly action: "special"; readonly special: number }
);

export const mostTiers = 8;
