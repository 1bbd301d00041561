import { aes128 } from "@metersmith/base/aes128";
import { FakeClock } from "@metersmith/base/clock";
import { seededRandom } from "@metersmith/base/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyRing } from "./key-ring.ts";
import { MessageMaker } from "./message-maker.ts";
import { ReplayMemory } from "./replay-memory.ts";
import { readPeerWindow, refusingUntil } from "./stored-window.ts";
import { judgeFreshness, mostLanes, mostRangesInAll, type MessageMark, type PeerWindow } from "./replay-window.ts";

const now = Date.UTC(2026, 10, 21, 7);
const second = now / 1000;

/** The verdicts on messages one after the other. */
function judged(marks: readonly (readonly [time: number, invocation: number])[], tolerance = 900): readonly string[] {
  let window: PeerWindow | undefined;
  return marks.map(([time, invocation]) => {
    const step = judgeFreshness(window, { time: second + time, invocation }, now, tolerance);
    window = step.window;
    return step.freshness;
  });
}

test("a message counts once, in whatever order messages come", () => {
  expect(judged([[0, 5], [0, 7], [0, 6], [0, 6], [0, 5], [0, 7], [1, 5], [0, 8], [1, 5]])).toEqual([
    "fresh", "fresh", "fresh", "replayed", "replayed", "replayed", "fresh", "fresh", "replayed",
  ]);
});

test("a session counted from 0 and random numbers live side by side under one vector", () => {
  expect(judged([[0, 0xf8b2c328], [0, 0], [0, 1], [0, 0x102c5ff0], [0, 2], [0, 0xf8b2c328], [0, 1]])).toEqual([
    "fresh", "fresh", "fresh", "fresh", "fresh", "replayed", "replayed",
  ]);
});

test("invocations go on past their end: the numbers begin again under another vector, and neither side of the wrap counts twice", () => {
  const last = 2 ** 31 - 1;
  expect(judged([[0, last - 1], [1, last], [0, 0], [1, 1], [0, last - 1], [1, last], [0, 0], [1, 1], [0, 2]])).toEqual([
    "fresh", "fresh", "fresh", "fresh", "replayed", "replayed", "replayed", "replayed", "fresh",
  ]);
  const maker = new MessageMaker(new FakeClock(now), { next: () => (2 ** 31 - 2) / 2 ** 31, bytes: (count) => new Uint8Array(count) });
  const made = Array.from({ length: 4 }, () => maker.next());
  expect(made.map(({ invocation }) => [...invocation])).toEqual([[0x7f, 0xff, 0xff, 0xff], [0], [1], [2]]);
  expect(made.map(({ iv }) => new DataView(iv.buffer).getUint32(0) - second)).toEqual([0, 1, 0, 1]);
});

test("a window survives its store, and one that is damaged is none: what stands for it refuses instead of forgetting", () => {
  const mark = fc.record({ time: fc.integer({ min: second - 50, max: second + 50 }), invocation: fc.oneof(fc.nat(300), fc.nat(0xffff_ffff)) });
  fc.assert(
    fc.property(fc.array(mark, { minLength: 1, maxLength: 120 }), (marks) => {
      let window: PeerWindow | undefined;
      for (const one of marks) window = judgeFreshness(window, one, now, 900).window;
      expect(readPeerWindow(JSON.parse(JSON.stringify(window)))).toEqual(window);
    }),
  );
  fc.assert(fc.property(fc.anything(), (anything) => void readPeerWindow(anything)));
  const lane = { time: 5, ranges: [{ lowest: 1, highest: 3, seen: [1, 0] }] };
  for (const damaged of [
    undefined, {}, { floor: 0 }, { floor: -2, lanes: [] }, { floor: 5, lanes: [lane] }, { floor: 0, lanes: [lane, lane] }, { floor: 0, lanes: Array.from({ length: 33 }, (_, time) => ({ time: time + 1, ranges: [] })) },
    { floor: 0, lanes: [{ time: 5, ranges: [{ lowest: 3, highest: 1, seen: [0, 0] }] }] }, { floor: 0, lanes: [{ time: 5, ranges: [{ lowest: 1, highest: 3, seen: [2 ** 32, 0] }] }] },
    { floor: 0, lanes: [{ time: 5, ranges: [{ lowest: 1, highest: 3, seen: [0] }] }] },
  ]) expect(readPeerWindow(damaged)).toBeUndefined();
  expect(judgeFreshness(refusingUntil(second + 900), { time: second + 900, invocation: 1 }, now, 900).freshness).toBe("too-old");
});

test("a vector that the clock does not bear out is refused, as too old or too early", () => {
  expect(judged([[-900, 1], [-901, 1], [900, 1], [901, 1]])).toEqual(["fresh", "too-old", "fresh", "too-early"]);
});

test("vectors forgotten for want of room are refused by the floor", () => {
  const many = Array.from({ length: mostLanes + 1 }, (_, index) => [index, 1] as const);
  expect(judged([...many, [0, 2], [1, 2]]).slice(-2)).toEqual(["too-old", "fresh"]);
});

test("no message is ever taken twice, and memory stays bounded, whatever comes", () => {
  const mark = fc.record({ time: fc.integer({ min: second - 50, max: second + 50 }), invocation: fc.oneof(fc.nat(200), fc.nat(0xffff_ffff)) });
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 400 }), (marks: MessageMark[]) => {
      const taken = new Set<string>();
      let window: PeerWindow | undefined;
      for (const one of [...marks, ...marks]) {
        const step = judgeFreshness(window, one, now, 900);
        window = step.window;
        const key = `${one.time}/${one.invocation}`;
        if (step.freshness === "fresh") {
          expect(taken.has(key)).toBe(false);
          taken.add(key);
        }
      }
      const ranges = window?.lanes.reduce((sum, lane) => sum + lane.ranges.length, 0) ?? 0;
      expect(window?.lanes.length ?? 0).toBeLessThanOrEqual(mostLanes);
      expect(ranges).toBeLessThanOrEqual(mostRangesInAll);
    }),
    { numRuns: 60 },
  );
});

test("what was taken before a restart is refused after it where windows are stored, as JSON or otherwise", () => {
  const stored = new Map<string, PeerWindow>();
  const mark = { time: second, invocation: 3 };
  expect(new ReplayMemory({}, stored).judge("a", mark, now)).toBe("fresh");
  const readBack = new Map(JSON.parse(JSON.stringify([...stored])) as [string, PeerWindow][]);
  expect(new ReplayMemory({}, readBack).judge("a", mark, now)).toBe("replayed");
});

test("where they are not stored, vectors from before the start are refused", () => {
  expect(new ReplayMemory({ notBefore: now }).judge("a", { time: second - 1, invocation: 3 }, now)).toBe("too-old");
});

test("senders are bounded; one whose vectors the clock refuses anyway makes room", () => {
  const memory = new ReplayMemory({ senders: 1, tolerance: 10 });
  expect(memory.judge("a", { time: second, invocation: 1 }, now)).toBe("fresh");
  expect(memory.judge("b", { time: second, invocation: 1 }, now)).toBe("crowded");
  expect(memory.judge("b", { time: second + 11, invocation: 1 }, now + 11_000)).toBe("fresh");
  expect(memory.judge("a", { time: second, invocation: 1 }, now + 11_000)).toBe("crowded");
});

test("no two messages of a node share invocation and vector, and no two in a row their vector", () => {
  const clock = new FakeClock(now);
  const maker = new MessageMaker(clock, seededRandom(1));
  const made = Array.from({ length: 300 }, (_, index) => {
    if (index % 40 === 0) clock.advance(500);
    const { invocation, iv } = maker.next();
    return `${iv.join(".")}/${invocation.join(".")}`;
  });
  expect(new Set(made).size).toBe(300);
  made.slice(1).forEach((text, index) => expect(text.split("/")[0]).not.toBe(made[index]?.split("/")[0]));
});

test("keys are rotated with an overlap: the old one opens until its end, the new one sends at once", () => {
  const key = (fill: number): Uint8Array => new Uint8Array(16).fill(fill);
  const ring = new KeyRing([{ id: 1, key: key(1) }], 1, aes128);
  ring.rotate({ id: 2, key: key(2) }, now + 1000);
  expect([ring.currentId, ring.find(1, now + 999) !== undefined, ring.find(2, now + 5000) !== undefined]).toEqual([2, true, true]);
  expect(ring.find(1, now + 1000)).toBeUndefined();
  expect(() => ring.rotate({ id: 2, key: key(3) }, now)).toThrow("a number of its own");
  expect(() => new KeyRing([])).toThrow("not among the keys");
  expect(() => new KeyRing([{ id: 256, key: key(1) }])).toThrow("key number");
  expect(() => new KeyRing([{ id: 1, key: new Uint8Array(15) }])).toThrow("exactly 16");
  expect(JSON.stringify(ring)).not.toContain("1,1");
});
