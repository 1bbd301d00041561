import { expect, test } from "vitest";
import { ServiceUnderTest } from "../testing/service-under-test.ts";
import { class200, setting } from "../testing/class-200.ts";

const normal = { amperes: [20, 20], volts: [240] };
const dead = { amperes: [0, 0], volts: [0] };

// IEEE very inverse, pickup 110 A, dial 8, at 165 A (M = 1.5): 8 × 16.179 s = 129.432 s.
test("[OCP-1] an overcurrent within the rating opens after the curve's time", () => {
  const service = new ServiceUnderTest().line({ amperes: [165, 40], volts: [238] });
  service.pass(129.42);
  expect(service.closed).toBe(true);
  service.pass(0.05);
  expect(service.closed).toBe(false);
  expect(service.events).toEqual(["opened: overcurrent"]);
  expect(service.partedAt).toBe(165);
});

test("[OCP-2] above the rated breaking current it does not open under load, says so once, and breaks once the current allows it", () => {
  const service = new ServiceUnderTest().line({ amperes: [400, 400], volts: [220] });
  service.pass(60);
  expect(service.closed).toBe(true);
  expect(service.events).toEqual(["overcurrent-above-rating"]);
  service.line({ amperes: [180, 180], volts: [230] }).pass(0.05);
  expect(service.closed).toBe(false);
  expect(service.partedAt).toBe(180);
});

test("an overcurrent that passes in time opens nothing, and its travel falls back", () => {
  const service = new ServiceUnderTest().line({ amperes: [165, 0], volts: [238] }).pass(100);
  service.line(normal).pass(600);
  service.line({ amperes: [165, 0], volts: [238] }).pass(100);
  expect(service.closed).toBe(true);
});

test("[OCP-1] who may close again after what: the customer after a minute, twice; then the utility", () => {
  const service = new ServiceUnderTest();
  const overload = (): void => void service.line({ amperes: [190, 190], volts: [235] }).pass(150);
  overload();
  expect(service.closed).toBe(false);
  service.line(normal).send({ kind: "button" });
  expect(service.answer).toMatchObject({ accepted: true });
  service.pass(1);
  overload();
  service.line(normal).send({ kind: "button" });
  expect(service.answer).toMatchObject({ accepted: true });
  service.pass(1);
  overload();
  service.line(normal).send({ kind: "button" });
  expect(service.answer).toMatchObject({ accepted: false, why: "attempts-used" });
  service.send({ kind: "order", order: "close" }).pass(1);
  expect(service.closed).toBe(true);
  overload();
  const early = new ServiceUnderTest();
  early.line({ amperes: [200, 200], volts: [235] });
  while (early.closed) early.pass(1);
  early.line(normal).send({ kind: "button" });
  expect(early.answer).toMatchObject({ accepted: false, why: "too-early" });
});

test("the utility's order to open waits for a current that the switch can break, and to close is refused where the service is fed from behind or dead", () => {
  const service = new ServiceUnderTest().line({ amperes: [250, 250], volts: [230] });
  service.send({ kind: "order", order: "open" }).pass(1);
  expect(service.closed).toBe(true);
  service.line(normal).pass(0.1);
  expect(service.events).toContain("opened: command");
  service.line({ ...normal, loadVolts: 240 }).send({ kind: "order", order: "close" });
  expect(service.answer).toMatchObject({ why: "fed-from-behind" });
  service.line(dead).send({ kind: "order", order: "close" });
  expect(service.answer).toMatchObject({ why: "line-dead" });
  service.line(normal).send({ kind: "button" });
  expect(service.answer).toMatchObject({ why: "not-armed" });
  service.send({ kind: "order", order: "arm" }).send({ kind: "button" }).pass(0.1);
  expect(service.closed).toBe(true);
});

test("a switch that does not move is told as failed, and is not hammered", () => {
  const service = new ServiceUnderTest();
  service.stuck = true;
  service.send({ kind: "order", order: "open" }).pass(50);
  expect(service.events).toEqual(["open-failed"]);
  expect(service.state.kept.openedBy).toBeNull();
  service.pass(20);
  expect(service.events).toEqual(["open-failed", "open-failed"]);
});

test("[OCP-1] load limiting reduces first, disconnects where that did not help, and closes by itself a number of times", () => {
  const service = new ServiceUnderTest().line({ amperes: [70, 70], volts: [238] });
  service.pass(299);
  expect(service.reducing).toBe(false);
  service.pass(2);
  expect(service.reducing).toBe(true);
  expect(service.closed).toBe(true);
  service.pass(118);
  expect(service.closed).toBe(true);
  service.pass(2);
  expect(service.closed).toBe(false);
  expect(service.events).toEqual(["reducing", "opened: load-limit"]);
  service.line(normal).pass(300);
  expect(service.closed).toBe(true);
  expect(service.reducing).toBe(false);
  for (let again = 0; again < 5; again++) service.line({ amperes: [70, 70], volts: [238] }).pass(1000);
  expect(service.closed).toBe(false);
  expect(service.state.kept.reclosures).toBe(3);
});

test("load that falls after the reduction keeps its service", () => {
  const service = new ServiceUnderTest().line({ amperes: [70, 70], volts: [238] }).pass(310);
  service.line({ amperes: [50, 50], volts: [239] }).pass(1000);
  expect(service.events).toEqual(["reducing", "reducing-ended"]);
  expect(service.closed).toBe(true);
});

test("[OCP-1] a high voltage and a hot switch disconnect, a low voltage is reported, an outage is none of these", () => {
  const high = new ServiceUnderTest().line({ amperes: [20, 20], volts: [290] }).pass(1.9);
  expect(high.closed).toBe(true);
  high.pass(0.2);
  expect(high.events).toEqual(["high-voltage", "opened: high-voltage"]);
  high.pass(600);
  expect(high.closed).toBe(false);
  high.line(normal).pass(31);
  expect(high.closed).toBe(true);

  const hot = new ServiceUnderTest().line({ ...normal, celsius: 85 }).pass(6);
  expect([hot.reducing, hot.closed]).toEqual([true, true]);
  hot.line({ ...normal, celsius: 95 }).pass(6);
  expect(hot.closed).toBe(false);

  const low = new ServiceUnderTest().line({ amperes: [20, 20], volts: [200] }).pass(11);
  expect(low.events).toEqual(["low-voltage"]);
  expect(new ServiceUnderTest().line(dead).pass(3600).events).toEqual(["died"]);
});

test("a step of any length gives the same as many small ones", () => {
  const coarse = new ServiceUnderTest().line({ amperes: [70, 70], volts: [238] }).pass(5000);
  const fine = new ServiceUnderTest().line({ amperes: [70, 70], volts: [238] });
  for (let second = 0; second < 5000; second++) fine.pass(1);
  expect(fine.events).toEqual(coarse.events);
  expect(fine.state.kept).toEqual(coarse.state.kept);
});

test("a meter on the clock of the world does as one that starts at zero", () => {
  const service = new ServiceUnderTest({ start: 1_790_000_000.25, protection: { ...class200, setting: { ...setting, conditions: [] } } });
  service.line({ amperes: [165, 40], volts: [238] }).pass(129.42);
  expect(service.closed).toBe(true);
  service.pass(0.05);
  expect(service.closed).toBe(false);
});
