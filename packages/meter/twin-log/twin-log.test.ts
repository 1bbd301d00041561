import { expect, test } from "vitest";
import type { Flash } from "../flash/flash.ts";
import { FlashRegion } from "../flash/flash-region.ts";
import { sweepPower } from "../sweep/power-sweep.ts";
import { smallGeometry } from "../sweep/small-layout.ts";
import { flashKind, smallChip } from "../testing/small-flash.ts";
import { TwinLog } from "./twin-log.ts";

/** A log that keeps the newest value of each key: records are key and value, two octets, and filling. */
class Notes {
  readonly values = new Map<number, number>();
  readonly log: TwinLog;

  constructor(flash: Flash, filling = 90) {
    this.#filling = filling;
    this.log = new TwinLog([new FlashRegion(flash, 1, 1), new FlashRegion(flash, 2, 1)], {
      replay: ([key = 0, value = 0]) => void this.values.set(key, value),
      snapshot: () => this.#records(this.values),
    });
  }

  readonly #filling: number;

  set(key: number, value: number): boolean {
    const next = new Map(this.values).set(key, value);
    const kept = this.log.append(this.#record(key, value), () => this.#records(next));
    if (kept) this.values.set(key, value);
    return kept;
  }

  #record(key: number, value: number): Uint8Array {
    return Uint8Array.from({ length: this.#filling }, (_, index) => [key, value][index] ?? value);
  }

  #records(values: ReadonlyMap<number, number>): Uint8Array[] {
    return [...values].map(([key, value]) => this.#record(key, value));
  }
}

test("what was noted is there after a restart, through more changes than an area holds", () => {
  const chip = smallChip();
  for (let round = 0; round < 20; round++) {
    const notes = new Notes(chip);
    if (round > 0) expect([...notes.values]).toEqual([[1, round * 5 - 1], [2, 7]]);
    for (let change = 0; change < 5; change++) expect(notes.set(1, round * 5 + change)).toBe(true);
    expect(notes.set(2, 7)).toBe(true);
  }
  // Both areas take turns.
  expect(Math.abs(chip.erasures(1) - chip.erasures(2))).toBeLessThanOrEqual(1);
});

test("a start after which nothing is changed erases nothing, from the second on", () => {
  const chip = smallChip();
  new Notes(chip).set(1, 1);
  const erasures = (): number => chip.erasures(1) + chip.erasures(2);
  const once = erasures();
  for (let start = 0; start < 5; start++) expect(new Notes(chip).values.get(1)).toBe(1);
  expect(erasures()).toBe(once);
});

test("what does not fit is refused, and what was before holds", () => {
  const chip = smallChip();
  const notes = new Notes(chip, 300);
  expect([1, 2, 3].map((key) => notes.set(key, key))).toEqual([true, true, false]);
  expect([...notes.values.keys()]).toEqual([1, 2]);
  expect([...new Notes(chip, 300).values.keys()]).toEqual([1, 2]);
});

test("a worn area refuses, and what was before holds", () => {
  const chip = smallChip(flashKind({ ...smallGeometry, endurance: 4 }));
  const taken: number[] = [];
  for (let change = 0; change < 40; change++) if (new Notes(chip).set(1, change)) taken.push(change);
  expect(taken.length).toBeGreaterThan(3);
  expect(taken.length).toBeLessThan(40);
  expect(new Notes(chip).values.get(1)).toBe(taken.at(-1));
});

test("two areas that hold something and no log are damaged; blank ones are not", () => {
  const chip = smallChip();
  expect(new Notes(chip).log.damaged).toBe(false);
  const zeros = new FlashRegion(chip, 1, 2);
  for (const page of [0, 1]) zeros.write(page * 1024, new Uint8Array(64));
  expect(new Notes(chip).log.damaged).toBe(true);
});

test("[CON-12] wherever the power goes, three times in a row: acknowledged changes are there, one under way is whole or not there, and what was read once stays", () => {
  const changes: readonly (readonly [number, number])[] = [[1, 10], [2, 20], [1, 11], [3, 30], [1, 12], [2, 21]];
  const share = [1, 1, 0.02];
  const result = sweepPower({
    start: smallChip(flashKind({ ...smallGeometry, pageSize: 384 })),
    known: { done: 0, started: false },
    keyOf: (known) => `${known.done} ${known.started}`,
    depth: 3,
    seed: 7,
    share: (level) => share[level - 1] ?? 0,
    live: (flash, known, tell) => {
      const notes = new Notes(flash, 20);
      const after = (count: number): string => textOf(new Map(changes.slice(0, count)));
      const read = textOf(notes.values);
      const begun = known.started ? known.done + 1 : known.done;
      const done = [begun, known.done].find((count) => after(count) === read);
      if (done === undefined) throw new Error(`read ${read} where ${known.done} changes were acknowledged`);
      // From here on the world has seen it.
      tell({ done, started: false });
      for (let index = done; index < changes.length; index++) {
        const [key, value] = changes[index] ?? [0, 0];
        tell({ done: index, started: true });
        if (!notes.set(key, value)) throw new Error("refused");
        tell({ done: index + 1, started: false });
      }
      for (let start = 0; start < 2; start++) if (textOf(new Notes(flash, 20).values) !== after(changes.length)) throw new Error("lost at the next start");
    },
  });
  expect(result.bad).toEqual([]);
  expect(result.states).toBeGreaterThan(1000);
});

function textOf(values: ReadonlyMap<number, number>): string {
  return [1, 2, 3].map((key) => `${key}: ${values.get(key)}`).join();
}
