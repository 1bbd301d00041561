import { expect, test } from "vitest";
import { keepsBound, type Measured } from "./bench.ts";
import { figureTable } from "./figure-table.ts";
import { median, paired } from "./paired.ts";

const measured = (value: number, ratio: number | null, bound: string | null): Measured => ({
  figure: "decode@table-23",
  value,
  unit: "ns/op",
  limit: ratio === null ? null : value * ratio,
  ratio,
  bound,
});

test.each([
  [10, 0.5, "ratio >= 0.5", true],
  [10, 0.49, "ratio >= 0.5", false],
  [100, null, "value <= 100", true],
  [101, null, "value <= 100", false],
  [1, null, "ratio >= 0.5", false],
  [Number.NaN, 1, "value <= 100", false],
  [1, null, null, true],
])("a value of %d with ratio %s under the bound %s: kept is %s", (value, ratio, bound, kept) => {
  expect(keepsBound(measured(value, ratio, bound))).toBe(kept);
});

test("a bound in another form is refused, not passed over", () => {
  expect(() => keepsBound(measured(1, 1, "fast enough"))).toThrow('write it as "ratio >= 0.5"');
});

test("the paired measure gives each side's time per call and their ratio, whatever the machine does between rounds", () => {
  let clock = 0;
  const costs = (millis: number) => (): number => {
    clock += millis;
    return 1;
  };
  const figure = paired(costs(0.002), costs(0.001), { rounds: 5, batchMillis: 1, now: () => clock });
  expect(figure.value).toBeCloseTo(2000, 3);
  expect(figure.limit).toBeCloseTo(1000, 3);
  expect(figure.ratio).toBeCloseTo(0.5, 6);
});

test("a machine that sets the work aside while batches are sized does not leave batches of one call, which would measure the clock", () => {
  let clock = 0;
  let calls = 0;
  const work = (): number => {
    calls++;
    clock += calls <= 2 ? 50 : 0.002;
    return 1;
  };
  // Reading the clock costs as much as ten calls: in batches of 500 it is nothing.
  const figure = paired(work, () => ((clock += 0.001), 1), { rounds: 5, batchMillis: 1, now: () => (clock += 0.02) });
  expect(figure.value).toBeGreaterThan(2_000);
  expect(figure.value).toBeLessThan(2_100);
  expect(figure.ratio).toBeCloseTo(0.5, 1);
});

test("the median is the middle value, or the mean of the two in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("the table marks kept and broken bounds, and figures without one", () => {
  const rows = figureTable([
    { bench: "tables", ...measured(12345.6, 0.51, "ratio >= 0.5"), ok: true },
    { bench: "tables", ...measured(10, 0.4, "ratio >= 0.5"), ok: false },
    { bench: "tables", ...measured(0.0123, null, null), ok: true },
  ]).split("\n");
  expect(rows[1]).toMatch(/^✓ {2}decode@table-23 +12,350 ns\/op +6,296 ns\/op +0\.51 {2}ratio >= 0\.5$/);
  expect(rows[2]).toMatch(/^✗/);
  expect(rows[3]).toMatch(/^– {2}decode@table-23 +0\.0123 ns\/op +– +–$/);
});
