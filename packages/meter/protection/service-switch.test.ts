import { describe, expect, test } from "vitest";
import { bytesOf, meterOnTheBench } from "../testing/bench.ts";
import { ProtectedMeter } from "../testing/protected-meter.ts";

/** A bolted fault as a recloser with a fast shot sees it: .06 s, half a second open, then slower. */
const bolted = { kind: "fault-current", amperes: 2400, volts: 90, recloser: [{ tripsAfter: 0.06, opensFor: 0.5 }, { tripsAfter: 0.4, opensFor: 2 }] } as const;
const unseen = { kind: "fault-current", volts: 230, recloser: [] } as const;

describe("[OCP-2] a fault behind the meter that the recloser interrupts", () => {
  const meter = new ProtectedMeter();
  const before = meter.sequence;
  meter.provoke({ ...bolted, from: meter.in(10.3) });
  meter.seconds(60);

  test("is off: opened in the dead time by the fault, which was counted", () => {
    expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 3, FAULT_COUNT: 1, SETTING: 0 });
    expect(meter.switchEvents(before)).toEqual(["22:0", "17:3"]);
    expect(meter.bench.meter.inspect().serviceSwitch).toMatchObject({ closed: false, openedBy: "fault" });
  });

  test("is reported at once as affecting service", () => {
    expect(meter.bench.meter.reports.pending).toContainEqual(expect.objectContaining({ class: "service", code: 17, manufacturer: true, detail: 3 }));
  });

  test("is measured no more: the line is there, and no energy passes", () => {
    const kept = meter.delivered;
    meter.pass(5);
    expect(meter.delivered).toBe(kept);
    expect(meter.bench.meter.inspect().powered).toBe(true);
  });

  test("is closed again by nobody but the utility; closed onto the fault that is still there, it is off again", () => {
    expect(meter.bench.meter.pressButton()).toBe("not-armed");
    const since = meter.sequence;
    expect(meter.order("close")).toEqual([0, 0]);
    meter.seconds(60);
    expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 3 });
    expect(meter.switchEvents(since)).toEqual(["18:0", "22:0", "17:3"]);
  });

  test("once repaired it is armed, closed by the customer, and measured again", () => {
    meter.relieve("fault-current");
    expect(meter.order("arm")).toEqual([0, 0]);
    expect(meter.bench.meter.pressButton()).toBeUndefined();
    meter.seconds(60);
    expect(meter.status).toMatchObject({ SWITCH: 1, OPENED_BY: 0, ARMED: 0 });
    const kept = meter.delivered;
    meter.pass(2);
    // 3 kW for two hours, in Wh.
    expect(meter.delivered - kept).toBe(6000);
  });
});

test("[OCP-1] an overcurrent within the rating opens after the curve's time, to the second of the event", () => {
  const meter = new ProtectedMeter({ LOAD_LIMIT: { LIMIT: 0 } });
  const before = meter.sequence;
  meter.provoke({ ...unseen, amperes: 165, from: meter.in(0) });
  // 8 × (19.61 / (1.5² − 1) + .491) = 129.432 s by IEEE C37.112, and .03 s for the switch.
  meter.seconds(129);
  expect(meter.status).toMatchObject({ SWITCH: 1 });
  meter.seconds(1);
  expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 2, OPENED_TIME: "2026-07-15T19:03:09" });
  expect(meter.switchEvents(before)).toEqual(["17:2"]);
  meter.relieve("fault-current");
  expect(meter.bench.meter.pressButton()).toBe("too-early");
  meter.seconds(60);
  expect(meter.bench.meter.pressButton()).toBeUndefined();
  meter.seconds(1);
  expect(meter.status).toMatchObject({ SWITCH: 1, RECLOSURES: 1 });
});

test("[OCP-2] above the rated breaking current it does not open under load, and tells at once that safety is affected", () => {
  const meter = new ProtectedMeter();
  const before = meter.sequence;
  meter.provoke({ ...unseen, amperes: 400, from: meter.in(1) });
  meter.seconds(120);
  expect(meter.status).toMatchObject({ SWITCH: 1, OPENED_BY: 0 });
  expect(meter.switchEvents(before)).toEqual(["21:400"]);
  expect(meter.bench.meter.reports.pending[0]).toMatchObject({ class: "safety", code: 21, detail: 400 });
});

test("[OCP-1] load limiting asks for less first, opens where that did not help, closes by itself, and stops trying", () => {
  const meter = new ProtectedMeter({ ELEMENTS: [{ CURVE: 0 }, { CURVE: 0 }, { CURVE: 0 }] });
  meter.provoke({ ...unseen, amperes: 70, volts: 238, from: meter.in(0) });
  meter.seconds(310);
  expect(meter.status).toMatchObject({ SWITCH: 1, REDUCING: 1 });
  meter.seconds(120);
  expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 4 });
  meter.seconds(300);
  expect(meter.status).toMatchObject({ SWITCH: 1, RECLOSURES: 1 });
  meter.pass(3);
  expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 4, RECLOSURES: 3 });
});

test("[OCP-1] a high voltage and a hot switch open, a low voltage is told", () => {
  const high = new ProtectedMeter();
  high.provoke({ kind: "foreign-voltage", factor: 1.2 });
  high.seconds(5);
  expect(high.status).toMatchObject({ SWITCH: 0, OPENED_BY: 5 });
  high.relieve("foreign-voltage");
  high.seconds(35);
  expect(high.status).toMatchObject({ SWITCH: 1, OPENED_BY: 0 });

  const hot = new ProtectedMeter();
  hot.provoke({ kind: "switch-hot", celsius: 95 });
  hot.seconds(10);
  expect(hot.status).toMatchObject({ SWITCH: 0, OPENED_BY: 7 });

  const low = new ProtectedMeter();
  const before = low.sequence;
  low.provoke({ kind: "foreign-voltage", factor: 0.85 });
  low.seconds(15);
  expect(low.switchEvents(before)).toEqual(["27:0"]);
  expect(low.status).toMatchObject({ SWITCH: 1 });
});

test("[OCP-1] the utility opens and closes; what it may not is refused with its reason", () => {
  const meter = new ProtectedMeter();
  expect(meter.order("close")).toEqual([3, 1]);
  expect(meter.order("open")).toEqual([0, 0]);
  meter.seconds(1);
  expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 1 });
  meter.provoke({ kind: "fed-from-behind", volts: 240 });
  meter.seconds(1);
  expect(meter.order("close")).toEqual([3, 3]);
  meter.relieve("fed-from-behind");
  meter.seconds(10);
  expect(meter.order("close")).toEqual([0, 0]);
  meter.seconds(1);
  expect(meter.status).toMatchObject({ SWITCH: 1, OPENED_BY: 0 });
  expect(meter.run(2064, Uint8Array.of(9))).toEqual([2]);
  const reader = meter.bench.session("reader");
  reader.write(7, Uint8Array.of(2064 & 0xff, 2064 >> 8, 1, 1));
  expect(bytesOf(reader.read(8))[3]).toBe(5);
});

test("a switch that is stuck is told as a danger", () => {
  const meter = new ProtectedMeter();
  const before = meter.sequence;
  meter.provoke({ kind: "switch-stuck" });
  meter.order("open");
  meter.seconds(10);
  expect(meter.status).toMatchObject({ SWITCH: 1, OPENED_BY: 0 });
  expect(meter.switchEvents(before)).toEqual(["19:0"]);
  expect(meter.bench.meter.reports.pending[0]).toMatchObject({ class: "safety", code: 19 });
});

test("a setting that is none is refused: table 3 says so, nothing is watched, the utility's orders are served", () => {
  const meter = new ProtectedMeter();
  expect(meter.flags().standard).not.toContain("CONFIGURATION_ERROR");
  meter.set({ RECLOSING: [{}, {}, { BY: 1, AFTER: 0, ATTEMPTS: 1 }, {}, {}, {}, {}] });
  expect(meter.flags().standard).toContain("CONFIGURATION_ERROR");
  expect(meter.bench.meter.inspect().serviceSwitch?.problem).toMatch(/^PROTECTION_SETTING_TBL: setting\.reclose: leaves a fault/);
  meter.provoke({ ...unseen, amperes: 165, from: meter.in(0) });
  meter.seconds(600);
  expect(meter.status).toMatchObject({ SWITCH: 1, SETTING: 1 });
  meter.order("open");
  meter.seconds(1);
  expect(meter.status).toMatchObject({ SWITCH: 0, OPENED_BY: 1 });
  for (const row of [{ CURVE: 99, PICKUP: 1000, DIAL: 1 }, { CURVE: 7, RESET: 1, PICKUP: 1000, DIAL: 1000 }, { CURVE: 2, RESET: 9, PICKUP: 1000, DIAL: 1 }]) {
    meter.set({ ELEMENTS: [row, { CURVE: 0 }, { CURVE: 0 }] });
    expect(meter.status).toMatchObject({ SETTING: 1 });
  }
});

test("types without a service switch have none of it", () => {
  for (const deviceType of ["ix-4s", "px-9s"] as const) {
    const bench = meterOnTheBench({ deviceType });
    for (const table of [2064, 2065, 2066]) expect(bench.session("master").read(table)).toBe("onp");
    expect(bench.meter.inspect().serviceSwitch).toBeUndefined();
    expect(bench.meter.pressButton()).toBe("line-dead");
  }
});
