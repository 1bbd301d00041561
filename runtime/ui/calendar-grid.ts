/** What one hour of one month is: the tier in force, and whether it changes within the hour (then `tier` is the hour's first). */
export interface CalendarCell {
  readonly tier: number;
  readonly mixed: boolean;
}

/** One kind of day: 12 months × 24 hours. */
export interface CalendarGrid {
  readonly dayType: "weekday" | "saturday" | "sunday" | "weekend";
  readonly cells: readonly (readonly CalendarCell[])[];
}

export interface TierName {
  readonly tier: number;
  readonly name: string;
}

/** Hours `from` (0–23) up to, not including, `to` (1–24) that look the same. */
export interface HourRun extends CalendarCell {
  readonly from: number;
  readonly to: number;
}

export const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"] as const;

export const dayTypeNames: Readonly<Record<CalendarGrid["dayType"], string>> = { weekday: "Weekdays", saturday: "Saturdays", sunday: "Sundays", weekend: "Weekends" };

/** A month's hours as runs of equal cells. */
export function hourRuns(row: readonly CalendarCell[]): HourRun[] {
  const runs: HourRun[] = [];
  row.forEach((cell, hour) => {
    const last = runs.at(-1);
    if (last !== undefined && last.tier === cell.tier && last.mixed === cell.mixed) runs[runs.length - 1] = { ...last, to: hour + 1 };
    else runs.push({ tier: cell.tier, mixed: cell.mixed, from: hour, to: hour + 1 });
  });
  return runs;
}

/** Months `from` (0–11) up to, not including, `to` (1–12) whose hours are all the same: seasons as the picture shows them. */
export interface MonthGroup {
  readonly from: number;
  readonly to: number;
  readonly runs: readonly HourRun[];
}

/** Neighbouring months that look the same, in order. */
export function monthGroups(cells: CalendarGrid["cells"]): MonthGroup[] {
  const groups: MonthGroup[] = [];
  cells.forEach((row, month) => {
    const runs = hourRuns(row);
    const last = groups.at(-1);
    if (last !== undefined && sameRuns(last.runs, runs)) groups[groups.length - 1] = { ...last, to: month + 1 };
    else groups.push({ from: month, to: month + 1, runs });
  });
  return groups;
}

function sameRuns(a: readonly HourRun[], b: readonly HourRun[]): boolean {
  return a.length === b.length && a.every((run, index) => run.tier === b[index]?.tier && run.mixed === b[index]?.mixed && run.to === b[index]?.to);
}

/** "00:00"–"24:00". */
export function hourText(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

export function tierText(tiers: readonly TierName[], tier: number): string {
  return tiers.find((each) => each.tier === tier)?.name ?? `tier ${tier}`;
}

/** A month in words: "Off-peak 00:00–15:00, On-peak 15:00–20:00, Off-peak 20:00–24:00". */
export function monthText(row: readonly CalendarCell[], tiers: readonly TierName[]): string {
  const runs = hourRuns(row);
  const [only] = runs;
  if (runs.length === 1 && only !== undefined && !only.mixed) return `${tierText(tiers, only.tier)} all day`;
  return runs.map((run) => `${tierText(tiers, run.tier)}${run.mixed ? " (changes within the hour)" : ""} ${hourText(run.from)}–${hourText(run.to)}`).join(", ");
}

/** Rungs of the shade ladder in `calendar-picture.module.css`. */
export const shadeCount = 8;

/**
 * The shade of each tier, 0 (nearest the ground) to 7: tiers in order, spread over the whole ladder, so that two tiers are as far
 * apart as light and dark can be. Tiers that occur in the cells but have no name get a shade too.
 */
export function tierShades(grids: readonly CalendarGrid[], tiers: readonly TierName[]): ReadonlyMap<number, number> {
  const known = new Set(tiers.map((each) => each.tier));
  for (const grid of grids) for (const row of grid.cells) for (const cell of row) known.add(cell.tier);
  const ordered = [...known].sort((a, b) => a - b);
  const step = ordered.length > 1 ? (shadeCount - 1) / (ordered.length - 1) : 0;
  return new Map(ordered.map((tier, index) => [tier, Math.min(shadeCount - 1, Math.round(index * step))]));
}
