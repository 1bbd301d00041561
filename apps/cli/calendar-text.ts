import { calendarPicture, type Calendar, type PictureGrid } from "@metersmith/programs";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** One sign for each tier, readable without colour; `~` stands where the tier changes within the hour. */
const SIGNS = "·▒█#%@&*";

/** The 12 × 24 picture of a calendar in characters: a row for each month, a column for each hour of the meter's clock. */
export function calendarText(calendar: Calendar, year: number, tierName: (tier: number) => string): string[] {
  const picture = calendarPicture(calendar, year);
  const sameWeekend = JSON.stringify(picture.saturday) === JSON.stringify(picture.sunday);
  const grids: [string, PictureGrid][] = sameWeekend
    ? [["weekday", picture.weekday], ["weekend", picture.saturday]]
    : [["weekday", picture.weekday], ["saturday", picture.saturday], ["sunday", picture.sunday]];
  const legend = picture.tiers.map((tier) => `${SIGNS[tier] ?? "?"} ${tierName(tier)}`).join("   ");
  const hours = "0  3  6  9  12 15 18 21 ";
  return [
    `    ${grids.map(([name]) => name.padEnd(26)).join("")}`.trimEnd(),
    `    ${grids.map(() => `${hours}  `).join("")}`.trimEnd(),
    ...MONTHS.map((month, row) => `${month} ${grids.map(([, grid]) => `${line(grid[row])}  `).join("")}`.trimEnd()),
    `${legend}${hasMixed(grids) ? "   ~ changes within the hour" : ""}`,
  ];
}

function line(cells: PictureGrid[number] | undefined): string {
  return (cells ?? []).map(({ tier, mixed }) => (mixed ? "~" : (SIGNS[tier] ?? "?"))).join("");
}

function hasMixed(grids: readonly (readonly [string, PictureGrid])[]): boolean {
  return grids.some(([, grid]) => grid.some((row) => row.some((cell) => cell.mixed)));
}
