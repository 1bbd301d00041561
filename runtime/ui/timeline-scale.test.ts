import fc from "fast-check";
import { expect, test } from "vitest";
import { placeSpan, timelineDomain } from "./timeline-scale.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 21);

test("a span that still holds reaches to now", () => {
  const spans = [{ from: now - 10 * day, to: now - 4 * day }, { from: now - 4 * day, to: null }];
  const domain = timelineDomain(spans, now);
  expect(spans.map((span) => placeSpan(span, domain))).toEqual([{ start: 0, width: 60 }, { start: 60, width: 40 }]);
});

test("nothing, or something that began this instant, still has a width", () => {
  expect(timelineDomain([], now)).toEqual({ from: now - 60_000, to: now });
  const fresh = { from: now, to: null };
  expect(placeSpan(fresh, timelineDomain([fresh], now))).toEqual({ start: 98.5, width: 1.5 });
});

test("every span lies inside its lane", () => {
  const instant = fc.integer({ min: now - 10_000 * day, max: now + day });
  fc.assert(
    fc.property(fc.array(fc.record({ from: instant, length: fc.option(fc.integer({ min: 0, max: 9000 * day })) }), { minLength: 1 }), (drawn) => {
      const spans = drawn.map(({ from, length }) => ({ from, to: length === null ? null : from + length }));
      const domain = timelineDomain(spans, now);
      for (const span of spans) {
        const { start, width } = placeSpan(span, domain);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(width).toBeGreaterThanOrEqual(1.5);
        expect(start + width).toBeLessThanOrEqual(100 + 1e-9);
      }
    }),
  );
});
