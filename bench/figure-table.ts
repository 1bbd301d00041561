import type { Figure } from "./bench.ts";

/** A number with three significant digits and thousands apart, as a person reads it. */
export function readable(value: number | null): string {
  if (value === null) return "–";
  return value.toLocaleString("en", { maximumSignificantDigits: Math.abs(value) >= 1000 ? 4 : 3 });
}

/** The figures of one bench as lines of a table; a kept bound has ✓, a broken one ✗, none asked –. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ figure, value, unit, limit, ratio, bound, ok }) => [
    bound === null ? "–" : ok ? "✓" : "✗",
    figure,
    `${readable(value)} ${unit}`,
    limit === null ? "–" : `${readable(limit)} ${unit}`,
    readable(ratio),
    bound ?? "",
  ]);
  const table = [["", "figure", "value", "limit or peer", "ratio", "bound"], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const rightAligned = new Set([2, 3, 4]);
  return table
    .map((row) =>
      row
        .map((cell, column) => (rightAligned.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
