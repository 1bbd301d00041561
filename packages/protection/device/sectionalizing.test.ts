import fc from "fast-check";
import { expect, test } from "vitest";
import { class200, rating, setting } from "../testing/class-200.ts";
import { ServiceUnderTest } from "../testing/service-under-test.ts";
import { initialState } from "./protection-state.ts";
import { protect } from "./protect.ts";

const normal = { amperes: [20, 20], volts: [240] };
const fault = { amperes: [2400, 2400], volts: [90] };
const dead = { amperes: [0, 0], volts: [0] };

test("[OCP-2] fault current followed by lost voltage: opens without current within the dead time, and stays open when the voltage returns", () => {
  const service = new ServiceUnderTest().line(fault).pass(0.06);
  expect(service.closed).toBe(true);
  service.line(dead).pass(0.079);
  expect(service.closed).toBe(true);
  service.pass(0.002);
  expect(service.closed).toBe(false);
  expect(service.partedAt).toBe(0);
  service.pass(0.42);
  service.line(normal).pass(7200);
  expect(service.closed).toBe(false);
  expect(service.events).toEqual(["fault-counted", "opened: fault"]);
  service.send({ kind: "button" });
  expect(service.answer).toMatchObject({ why: "not-armed" });
});

test("[OCP-2] fault current that ends under voltage was cleared downstream; voltage lost without it is somebody else's fault", () => {
  const cleared = new ServiceUnderTest().line(fault).pass(0.06);
  cleared.line(normal).pass(1);
  cleared.line(dead).pass(0.4);
  cleared.line(normal).pass(10);
  expect(cleared.events).toEqual([]);
  expect(cleared.closed).toBe(true);
  const elsewhere = new ServiceUnderTest().line({ amperes: [15, 15], volts: [110] }).pass(0.06);
  elsewhere.line(dead).pass(0.5);
  elsewhere.line(normal).pass(10);
  expect(elsewhere.closed).toBe(true);
});

test("[OCP-3] inrush after somebody else's outage is not taken for a fault when the voltage is lost again", () => {
  const service = new ServiceUnderTest().line(dead).pass(0.5);
  service.line({ amperes: [400, 400], volts: [225] }).pass(0.06);
  service.line(dead).pass(2);
  service.line(normal).pass(10);
  expect(service.events).toEqual([]);
  expect(service.closed).toBe(true);
});

test("[OCP-2] where two shots are to be counted, the first leaves it closed and the second, without restraint, opens", () => {
  const protection = { rating, setting: { ...setting, sectionalize: { ...setting.sectionalize!, shots: 2 } } };
  const service = new ServiceUnderTest({ protection }).line(fault).pass(0.06);
  service.line(dead).pass(0.5);
  expect(service.closed).toBe(true);
  service.line(fault).pass(0.2);
  service.line(dead).pass(0.1);
  expect(service.closed).toBe(false);
  expect(service.events).toEqual(["fault-counted", "fault-counted", "opened: fault"]);
});

test("a count is forgotten after the reset time with voltage, and survives without", () => {
  const protection = { rating, setting: { ...setting, sectionalize: { ...setting.sectionalize!, shots: 2 } } };
  const service = new ServiceUnderTest({ protection }).line(fault).pass(0.06);
  service.line(dead).pass(86_400);
  expect(service.state.running).toBeNull();
  expect(service.written.faultCount).toBe(1);
  service.line(normal).pass(29);
  expect(service.state.kept.faultCount).toBe(1);
  service.pass(3);
  expect(service.state.kept.faultCount).toBe(0);
});

test("[OCP-2] without energy in the store it cannot open, and says so", () => {
  const service = new ServiceUnderTest({ joules: 0 });
  expect(service.state.hardware.joules).toBeCloseTo(1.5, 6);
  service.line(fault).pass(0.06);
  service.line(dead).pass(0.5);
  expect(service.closed).toBe(true);
  expect(service.events).toEqual(["fault-counted", "sectionalizing-without-energy"]);
});

test("[OCP-2] what cannot be over before the earliest reclosing is not begun", () => {
  const slow = { rating: { ...rating, operatingSeconds: 0.5 }, setting };
  const late = new ServiceUnderTest({ protection: slow }).line(fault).pass(0.06);
  late.line(dead).pass(0.5);
  expect(late.events).toEqual(["fault-counted", "sectionalizing-too-late"]);
  const early = new ServiceUnderTest().line(fault).pass(0.06);
  early.line(dead).pass(0.04);
  early.line(fault).pass(0.1);
  expect(early.events).toEqual(["fault-counted", "sectionalizing-too-late"]);
  expect(early.closed).toBe(true);
});

test("a board that died is made anew: RAM is gone, what was written and where the switch stands are not", () => {
  const service = new ServiceUnderTest().line({ amperes: [165, 40], volts: [238] }).pass(129);
  service.line(dead).pass(60);
  expect(service.state.running).toBeNull();
  service.line(normal).pass(1);
  service.line({ amperes: [165, 40], volts: [238] }).pass(100);
  expect(service.closed).toBe(true);
  service.line(fault).pass(0.06);
  service.line(dead).pass(600);
  const again = { ...initialState(service.now, { closed: service.closed, joules: 0, kept: service.written }) };
  expect(again.kept.openedBy).toBe("fault");
  expect(again.hardware.closed).toBe(false);
});

test("power that goes between the written reason and the movement leaves a closed switch without a reason", () => {
  const kept = { openedBy: "fault", openedAt: 1, armed: false, faultCount: 1, reclosures: 2 } as const;
  const { state, effects } = protect(class200, initialState(10, { kept }), { kind: "line", line: normal }, 10);
  expect(state.kept).toEqual({ ...kept, openedBy: null });
  expect(effects.map(({ kind }) => kind)).toEqual(["event", "keep"]);
  expect(protect(class200, initialState(10, { kept, closed: false }), { kind: "line", line: normal }, 10).state.kept).toEqual(kept);
});

test("[OCP-2] whatever the line does, contacts part only within the rated breaking current, and the written part is what the state keeps", () => {
  const amperes = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 250, noNaN: true }), fc.double({ min: 200, max: 20_000, noNaN: true }));
  const lineState = fc.record({ amperes: fc.tuple(amperes, amperes), volts: fc.tuple(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 400, noNaN: true }))), celsius: fc.double({ min: 20, max: 120, noNaN: true }) });
  const order = fc.constantFrom<"open" | "close" | "arm" | "button">("open", "close", "arm", "button");
  const step = fc.record({ line: lineState, seconds: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 4000, noNaN: true })), order: fc.option(order) });
  fc.assert(fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
    const service = new ServiceUnderTest();
    for (const { line, seconds, order: ask } of steps) {
      // A fault may begin while contacts move: no meter can help that. The line changes when the switch is at rest.
      if (service.state.running?.moving) service.pass(0.1);
      service.line(line.volts[0] < 60 ? { ...line, amperes: [0, 0] } : line);
      if (ask === "button") service.send({ kind: "button" });
      else if (ask !== null) service.send({ kind: "order", order: ask });
      service.pass(seconds);
      expect(service.written).toEqual(service.state.kept);
      expect(service.state.hardware.joules).toBeGreaterThanOrEqual(0);
    }
    expect(service.partedAt).toBeLessThanOrEqual(200);
  }), { numRuns: 200 });
});

test("the state that goes in stays as it was", () => {
  const state = protect(class200, initialState(0, { joules: 12 }), { kind: "line", line: normal }, 0).state;
  const before = structuredClone(state);
  protect(class200, state, { kind: "line", line: fault }, 500);
  expect(state).toEqual(before);
});
