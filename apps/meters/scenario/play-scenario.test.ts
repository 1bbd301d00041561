import { FakeClock } from "@metersmith/base/clock";
import { Provocations } from "@metersmith/meter";
import { describe, expect, test } from "vitest";
import { CardHappenings } from "./card-happenings.ts";
import { playScenario } from "./play-scenario.ts";
import { planScenario } from "./scenario-plan.ts";
import { readScenario } from "./scenario.ts";
import { scaledClock } from "./scaled-clock.ts";

const minute = 60_000;
const meters = [0, 1, 2].map((position) => ({ position, deviceType: "rx-2s" }));
const scenario = readScenario(JSON.stringify({
  title: "t", about: "a",
  happenings: [
    { name: "tilt", atMinutes: 10, forMinutes: 5, meters: { from: 1, to: 1 }, provoke: { kind: "tilted", degrees: 20 } },
    { name: "tilt more", atMinutes: 15, forMinutes: 5, meters: { from: 1, to: 1 }, provoke: { kind: "tilted", degrees: 40 } },
    { name: "drift", atMinutes: 20, meters: { from: 0, to: 0 }, provoke: { kind: "oscillator-drift", partsPerMillion: 1000 } },
    { name: "out", atMinutes: 30, forMinutes: 10, meters: { from: 2, to: 2 }, line: { kind: "outage" } },
  ],
}), "t");

function played(clock: FakeClock, began: number) {
  const provocations = meters.map(() => new Provocations());
  const told: string[] = [];
  const plan = planScenario(scenario, meters, began);
  const stop = playScenario(plan, (position) => provocations[position], new CardHappenings(() => undefined, clock), clock, clock.now(), ({ name, begins, at }) => told.push(`${(at - began) / minute} ${name} ${begins ? "begins" : "ends"}`));
  return { provocations, told, stop, plan };
}

test("things begin and end at their time, at their meters; what follows on something of its kind takes its place", () => {
  const clock = new FakeClock(0);
  const { provocations, told, stop } = played(clock, 0);
  clock.advance(12 * minute);
  expect([provocations[1]?.get("tilted")?.degrees, provocations[0]?.get("tilted")]).toEqual([20, undefined]);
  clock.advance(4 * minute);
  expect(provocations[1]?.get("tilted")?.degrees).toBe(40);
  clock.advance(60 * minute);
  expect(provocations[1]?.get("tilted")).toBeUndefined();
  expect(told).toEqual(["10 tilt begins", "15 tilt ends", "15 tilt more begins", "20 tilt more ends", "20 drift begins", "30 out begins", "40 out ends"]);
  stop();
  expect(clock.untilNext).toBeUndefined();
});

test("after a restart what is past is made good in silence: a clock has drifted as far as it would have", () => {
  const whole = new FakeClock(0);
  const without = played(whole, 0);
  whole.advance(50 * minute);
  const again = played(new FakeClock(50 * minute), 0);
  expect(again.told).toEqual([]);
  expect(again.provocations[0]?.ahead(50 * minute)).toBeCloseTo(30 * minute * 0.001, 6);
  expect(again.provocations[0]?.ahead(50 * minute)).toBe(without.provocations[0]?.ahead(50 * minute));
});

test("what happens on the line is there from the start, at its time", () => {
  const { plan, stop } = played(new FakeClock(0), 1_000_000);
  expect([...plan.disturbances]).toEqual([[2, [{ from: 1000 + 1800, to: 1000 + 2400, voltage: 0 }]]]);
  stop();
});

test("a scaled clock goes on from its anchor, and its timers fire when it is time by it", () => {
  const host = new FakeClock(5000);
  const clock = scaledClock(host, { host: 4000, simulated: 100_000, factor: 60 });
  expect(clock.now()).toBe(160_000);
  const fired: number[] = [];
  clock.after(90_000, () => fired.push(clock.now()));
  host.advance(1499);
  expect(fired).toEqual([]);
  host.advance(1);
  expect(fired).toEqual([250_000]);
});

describe("what a card does at its board", () => {
  const noted = readScenario(JSON.stringify({
    title: "t", about: "a",
    happenings: [
      { name: "link", atMinutes: 10, forMinutes: 5, meters: { from: 1, to: 1 }, card: { kind: "link-lost", link: "home-device", device: 3 } },
      { name: "clock", atMinutes: 20, meters: { from: 0, to: 1 }, card: { kind: "clock-set" } },
    ],
  }), "t");

  function cardsPlayed(clock: FakeClock, began: number, since = clock.now()) {
    const did: string[] = [];
    const card = (position: number) => ({
      noteLink: async (link: string, reached: boolean, device: number): Promise<void> => void did.push(`${clock.now() / minute} ${position} ${link} ${device} ${reached ? "reached" : "missed"}`),
      setClock: async (world: { now(): number }): Promise<void> => void did.push(`${clock.now() / minute} ${position} set to ${world.now() / minute}`),
    });
    const stop = playScenario(planScenario(noted, meters, began), () => undefined, new CardHappenings(card, clock), clock, since, () => {});
    return { did, stop };
  }

  test("a lost link is tried once a minute until it is back, a clock is set once", () => {
    const clock = new FakeClock(0);
    const { did, stop } = cardsPlayed(clock, 0);
    clock.advance(60 * minute);
    expect(did).toEqual([...[11, 12, 13, 14].map((at) => `${at} 1 home-device 3 missed`), "15 1 home-device 3 reached", "20 0 set to 20", "20 1 set to 20"]);
    stop();
    expect(clock.untilNext).toBeUndefined();
  });

  test("after a restart a link that is still lost is tried on; what is over is not told again", () => {
    const within = new FakeClock(12.5 * minute);
    const { did } = cardsPlayed(within, 0);
    within.advance(4 * minute);
    expect(did).toEqual(["13.5 1 home-device 3 missed", "14.5 1 home-device 3 missed", "15 1 home-device 3 reached"]);
    const after = new FakeClock(30 * minute);
    const later = cardsPlayed(after, 0);
    after.advance(10 * minute);
    expect(later.did).toEqual([]);
  });
});
