import { intervalSeries, invalidIntervals, mostIntervals, type IntervalSeries } from "./interval-series.ts";

/**
 * Text with a heading `start,kWh` and a line for each interval: its beginning as an instant with its offset (`2026-07-01T00:15:00-07:00` or `…Z`), and the energy
 * delivered in it. Ours: the plainest file that leaves nothing open. Throws `intervals-invalid` with the line.
 */
export function readIntervalCsv(content: string, file: string): IntervalSeries {
  const lines = content.split(/\r?\n/);
  while (lines.at(-1)?.trim() === "") lines.pop();
  const [heading, ...rows] = lines;
  if (heading?.replace(/\s/g, "").toLowerCase() !== "start,kwh") throw invalidIntervals(file, 'line 1: expected the heading "start,kWh"');
  if (rows.length > mostIntervals) throw invalidIntervals(file, `${rows.length} lines; at most ${mostIntervals}`);
  const [first, second] = rows.map((row, index) => instantOf(row, index, file));
  const seconds = second === undefined || first === undefined ? 0 : second - first;
  return intervalSeries(rows.map((row, index) => ({ start: instantOf(row, index, file), seconds, wattHours: energyOf(row, index, file) })), file);
}

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

function instantOf(row: string, index: number, file: string): number {
  const given = row.split(",")[0]?.trim() ?? "";
  const at = instantForm.test(given) ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(at)) throw invalidIntervals(file, `line ${index + 2}: "${given.slice(0, 40)}" is no instant like 2026-07-01T00:15:00-07:00`);
  return at / 1000;
}

function energyOf(row: string, index: number, file: string): number {
  const cells = row.split(",");
  const given = cells[1]?.trim() ?? "";
  if (cells.length !== 2 || !/^-?\d{1,9}(\.\d{1,9})?$/.test(given)) throw invalidIntervals(file, `line ${index + 2}: "${row.slice(0, 60)}" has no energy in kWh behind its comma`);
  return Number(given) * 1000;
}
