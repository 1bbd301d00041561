import fc from "fast-check";
import { expect, test } from "vitest";
import { beginSchedule, schedule, usualSchedule, type Schedule, type ScheduleEffect, type ScheduleEvent, type ScheduleState } from "../index.ts";

const plan: Schedule = { ...usualSchedule, spread: () => 0.5 };

/** Runs events, each at its time in milliseconds; gives the state and all effects. */
function run(events: readonly (readonly [at: number, event: ScheduleEvent])[], from: ScheduleState = beginSchedule(0)): { state: ScheduleState; effects: readonly ScheduleEffect[] } {
  let state = from;
  const effects: ScheduleEffect[] = [];
  for (const [at, event] of events) {
    const step = schedule(plan, state, event, at);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

test("it looks at once, then by polling, whether or not a push ever comes", () => {
  const { effects } = run([[0, { kind: "look" }], [100, { kind: "succeeded", snapshot: 5 }], [1000, { kind: "look" }], [900_100, { kind: "look" }]]);
  expect(effects).toEqual([{ kind: "synchronize" }, { kind: "wake", at: 900_100 }, { kind: "wake", at: 900_100 }, { kind: "synchronize" }]);
});

test("a hint at something newer brings the next look forward; one at what is known, or a second one, does nothing", () => {
  const { state } = run([[0, { kind: "look" }], [100, { kind: "succeeded", snapshot: 5 }]]);
  expect(run([[1000, { kind: "hint", snapshot: 5 }]], state).effects).toEqual([]);
  const hinted = run([[1000, { kind: "hint", snapshot: 6 }]], state);
  expect(hinted.effects).toEqual([{ kind: "wake", at: 8500 }]);
  expect(run([[2000, { kind: "hint", snapshot: 6 }]], hinted.state).effects).toEqual([]);
});

test("what is hinted at while it runs is looked for right after", () => {
  const { effects } = run([[0, { kind: "look" }], [50, { kind: "hint", snapshot: 6 }], [100, { kind: "succeeded", snapshot: 5 }]]);
  expect(effects.at(-1)).toEqual({ kind: "wake", at: 5100 });
});

test("failures wait longer each time, and no longer than a poll", () => {
  let state = beginSchedule(0);
  const waits = Array.from({ length: 12 }, () => {
    const begun = run([[state.due, { kind: "look" }]], state).state;
    const failed = schedule(plan, begun, { kind: "failed" }, begun.due);
    state = failed.state;
    return state.due - begun.due;
  });
  expect(waits.slice(0, 4)).toEqual([7500, 15_000, 30_000, 60_000]);
  expect(Math.max(...waits)).toBe(0.75 * usualSchedule.every);
});

test("whoever forges hints gains one look in some seconds, and never two at once", () => {
  const anyEvent = fc.oneof(
    fc.record({ kind: fc.constant("hint" as const), snapshot: fc.nat(1e9) }),
    fc.constant({ kind: "look" as const }),
  );
  fc.assert(fc.property(fc.array(anyEvent, { maxLength: 200 }), (events) => {
    let [state, running, begun] = [beginSchedule(0), false, Number.NEGATIVE_INFINITY];
    events.forEach((event, at) => {
      const now = at * 500;
      const step = schedule(plan, state, event, now);
      state = step.state;
      if (step.effects.some(({ kind }) => kind === "synchronize")) {
        expect(running).toBe(false);
        expect(now - begun).toBeGreaterThanOrEqual(plan.least);
        [running, begun] = [true, now];
      } else if (running) {
        state = schedule(plan, state, { kind: "succeeded", snapshot: 1 }, now).state;
        running = false;
      }
    });
  }));
});
