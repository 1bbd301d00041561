import { describe, expect, test } from "vitest";
import { memoryInRam, type MeterStorage } from "../memory/meter-memory.ts";
import { meterOnTheBench } from "../testing/bench.ts";
import { ProtectedMeter } from "../testing/protected-meter.ts";

const fault = { kind: "fault-current", amperes: 2400, volts: 90 } as const;
const twoShots = { SHOTS: 2, ACTUATING_CURRENT: 220_000, SENSING_TIME: 10, WINDOW: 100, CONFIRMING_TIME: 50, DEAD_TIME: 500, RESET_TIME: 30_000, INRUSH_FACTOR: 8000, INRUSH_TIME: 1000 };

describe("[OCP-2] a loss of power between two shots", () => {
  test("forgets no count: the second opens", () => {
    const meter = new ProtectedMeter({ SECTIONALIZING: twoShots });
    meter.provoke({ ...fault, from: meter.in(5), recloser: [{ tripsAfter: 0.06, opensFor: 100 }] });
    meter.seconds(10);
    expect(meter.status).toMatchObject({ SWITCH: 1, FAULT_COUNT: 1 });
    meter.relieve("fault-current");
    meter.restart();
    meter.seconds(10);
    expect(meter.status).toMatchObject({ SWITCH: 1, FAULT_COUNT: 1 });
    meter.provoke({ ...fault, from: meter.in(5), recloser: [{ tripsAfter: 0.06, opensFor: 0.5 }] });
    meter.seconds(10);
    expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 3, FAULT_COUNT: 2 });
  });

  test("leaves the reset time to be waited for anew", () => {
    const meter = new ProtectedMeter({ SECTIONALIZING: twoShots });
    meter.provoke({ ...fault, from: meter.in(5), recloser: [{ tripsAfter: 0.06, opensFor: 1 }, { tripsAfter: 0.001, opensFor: 100 }] });
    meter.seconds(6);
    meter.relieve("fault-current");
    meter.restart();
    meter.seconds(29);
    expect(meter.status).toMatchObject({ FAULT_COUNT: 1 });
    meter.seconds(3);
    expect(meter.status).toMatchObject({ FAULT_COUNT: 0 });
  });
});

test("an open switch stays open, with its reason, its closings used and what is armed; a setting stays too", () => {
  const meter = new ProtectedMeter({ LOAD_LIMIT: { LIMIT: 0 } });
  const overload = (): void => {
    meter.provoke({ ...fault, amperes: 190, volts: 230, from: meter.in(0), recloser: [] });
    meter.seconds(150);
    meter.relieve("fault-current");
  };
  overload();
  meter.seconds(60);
  expect(meter.bench.meter.pressButton()).toBeUndefined();
  overload();
  const before = meter.status;
  expect(before).toMatchObject({ SWITCH: 0, OPENED_BY: 2, RECLOSURES: 1 });
  meter.restart();
  meter.seconds(10);
  expect(meter.status).toEqual({ ...before, STORED_ENERGY: expect.any(Number) as number });
  expect(meter.order("arm")).toEqual([0, 0]);
  meter.restart();
  meter.seconds(10);
  expect(meter.status).toMatchObject({ SWITCH: 0, ARMED: 1 });
  const kept = meter.delivered;
  meter.pass(2);
  expect(meter.delivered).toBe(kept);
});

test("[OCP-1] what memory does not take is not done: the switch moves once its reason is durable", () => {
  const meter = new ProtectedMeter();
  meter.provoke({ kind: "memory-worn-out" });
  meter.order("open");
  meter.seconds(10);
  expect(meter.bench.meter.inspect().serviceSwitch).toMatchObject({ closed: true });
  expect(meter.flags().standard).toContain("NONVOL_MEM_FAILURE");
  meter.relieve("memory-worn-out");
  meter.seconds(61);
  expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 1 });
});

/** Memory whose power goes at write `at`, counted from `arm`: before it, or after it. What comes later throws. */
function cutMemory(memory: MeterStorage): MeterStorage & { arm(at: number, when: "before" | "after"): void; readonly writes: number } {
  let [left, when, writes, dead] = [Infinity, "before", 0, false];
  return {
    pages: memory.pages,
    read: (key) => memory.read(key),
    write(key, bytes) {
      if (dead) throw new Error("without power");
      writes += 1;
      left -= 1;
      if (left < 0) dead = true;
      if (left < 0 && when === "before") throw new Error("power cut");
      memory.write(key, bytes);
      if (left < 0) throw new Error("power cut");
    },
    arm: (at, whenCut) => void ([left, when, writes] = [at, whenCut, 0]),
    get writes() {
      return writes;
    },
  };
}

test("[OCP-2] wherever the power goes while a fault is sectionalized, the switch is closed without a reason or open with it; closed, it opens the next time", () => {
  const run = (at: number, when: "before" | "after"): { readonly writes: number; readonly closed: boolean; readonly openedBy: string | null } => {
    const memory = memoryInRam();
    const cut = cutMemory(memory);
    const meter = new ProtectedMeter();
    // The setting and the clock, as that meter has them, in a memory of its own.
    const bench = meterOnTheBench({ memory: cut, clock: meter.bench.clock, provocations: meter.provocations });
    const session = bench.session("master");
    const image = meter.bench.session("reader").read(2065);
    if (typeof image === "string") throw new Error(image);
    session.write(2065, image);
    bench.clock.advance(60_000);
    bench.meter.tick();
    meter.provoke({ ...fault, from: meter.in(5), recloser: [{ tripsAfter: 0.06, opensFor: 0.5 }, { tripsAfter: 0.4, opensFor: 1000 }] });
    cut.arm(at, when);
    bench.clock.advance(10_000);
    try {
      bench.meter.tick();
    } catch {
      // The power went.
    }
    const { writes } = cut;
    meter.relieve("fault-current");
    const again = meterOnTheBench({ memory, clock: bench.clock, provocations: meter.provocations });
    bench.clock.advance(60_000);
    again.meter.tick();
    const { closed, openedBy } = again.meter.inspect().serviceSwitch ?? { closed: true, openedBy: null };
    if (closed) {
      meter.provoke({ ...fault, from: meter.in(5), recloser: [{ tripsAfter: 0.06, opensFor: 0.5 }, { tripsAfter: 0.4, opensFor: 1000 }] });
      bench.clock.advance(10_000);
      again.meter.tick();
      expect(again.meter.inspect().serviceSwitch).toMatchObject({ closed: false, openedBy: "fault" });
    }
    return { writes, closed, openedBy };
  };
  const clean = run(Infinity, "before");
  expect(clean).toMatchObject({ closed: false, openedBy: "fault" });
  expect(clean.writes).toBeGreaterThan(3);
  const seen = new Set<boolean>();
  for (let at = 0; at < clean.writes; at++) {
    for (const when of ["before", "after"] as const) {
      const { closed, openedBy } = run(at, when);
      expect({ at, when, openedBy }).toEqual({ at, when, openedBy: closed ? null : "fault" });
      seen.add(closed);
    }
  }
  expect(seen).toEqual(new Set([false, true]));
});
