import fc from "fast-check";
import { expect, test } from "vitest";
import { FlashRegion } from "../flash/flash-region.ts";
import { models } from "../testing/bench.ts";
import { flashKind, smallChip } from "../testing/small-flash.ts";
import { sweepPower } from "./power-sweep.ts";
import { quickSweep, sweepEverything } from "./sweep-everything.ts";
import { wearBound } from "./sweep-updates.ts";

const seed = fc.readConfigureGlobal()?.seed ?? 1;

test("[CON-11] [CON-12] [CON-13] [CON-14] [CON-15] [CON-16] power cut at every flash operation of an update, and again: old or new, whole, and it finishes when asked again", async () => {
  const tried = new Map<string, number>();
  for await (const { part, scenario, bad, wear, depth, tried: cuts } of sweepEverything(models["rx-2s"], quickSweep, seed)) {
    expect(bad, `${part}; ${scenario}; seed ${seed}`).toEqual([]);
    expect(wear).toBeLessThanOrEqual(wearBound(depth));
    tried.set(part, (tried.get(part) ?? 0) + cuts.reduce((sum, count) => sum + count, 0));
  }
  const [every = 0, twice = 0, full = 0] = tried.values();
  expect(every).toBeGreaterThan(2000);
  expect(twice).toBeGreaterThan(200);
  expect(full).toBeGreaterThan(10);
}, 60_000);

test("a sweep finds what is wrong: a page that is erased and written anew in place is lost somewhere", () => {
  const live = (careful: boolean) => sweepPower<{ readonly written: boolean }>({
    start: smallChip(flashKind()),
    known: { written: false },
    keyOf: ({ written }) => String(written),
    depth: 1,
    seed,
    live(flash, { written }, tell) {
      const region = new FlashRegion(flash, 1, 1);
      const octet = region.read(0, 1)[0] ?? 0;
      if (written && !careful && octet !== 0x11 && octet !== 0x22) throw new Error("neither the old nor the new");
      region.erase();
      region.write(0, new Uint8Array(64).fill(0x11));
      tell({ written: true });
      region.erase();
      region.write(0, new Uint8Array(64).fill(0x22));
    },
  }).bad.length;
  expect(live(true)).toBe(0);
  expect(live(false)).toBeGreaterThan(0);
});
