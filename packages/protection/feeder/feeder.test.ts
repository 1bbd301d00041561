import { expect, test } from "vitest";
import { fourHomesStudy } from "../testing/four-homes.ts";
import { ohms } from "./complex.ts";
import { loadAdmittance, solve } from "./network.ts";
import { runFeeder } from "./run-feeder.ts";
import { sweepFeeder } from "./sweep.ts";

const study = fourHomesStudy();
const bolted = { place: "before-breaker", ohms: 0.0005, from: 1 } as const;

test("the network is Ohm's law: a bolted fault alone, and two loads in parallel, by hand", () => {
  // 240 V behind .03 + .04j Ω: 240 / .05 = 4,800 A, and no volts left.
  const fault = solve(240, ohms(0.03, 0.04), [{ drop: ohms(0), admittance: ohms(1e9) }]);
  expect(fault.amperes[0]).toBeCloseTo(4800, 3);
  expect(fault.volts[0]).toBeCloseTo(0, 4);
  // Two of 24 Ω at 240 V behind 1 Ω: 12 Ω in parallel, 240 / 13 = 18.46 A in all, half each, 221.54 V.
  const loads = solve(240, ohms(1), [0, 1].map(() => ({ drop: ohms(0), admittance: loadAdmittance(10, 240) })));
  expect(loads.total).toBeCloseTo(240 / 13, 9);
  expect(loads.amperes[1]).toBeCloseTo(120 / 13, 9);
  expect(loads.volts[0]).toBeCloseTo((240 * 12) / 13, 9);
});

test("[OCP-2] a fault in one home: that home is off, opened without current, its neighbours ride through one reclosing, the fuse is spared", () => {
  const outcome = runFeeder(study, { faults: [{ home: 1, ...bolted }], seconds: 60 });
  expect(outcome.homes[1]).toMatchObject({ served: false, meterClosed: false, openedBy: "fault", partedAtAmperes: 0 });
  for (const home of [0, 2, 3]) expect(outcome.homes[home]).toMatchObject({ served: true, meterClosed: true, interruptions: 1, longestSeconds: expect.closeTo(0.5, 6) as number });
  expect(outcome).toMatchObject({ recloserOpenings: 1, lockedOut: false, upstreamOpen: false });
  expect(outcome.upstreamDamage).toBeLessThan(0.75);
  expect(outcome.story.map(({ who, what }) => `${who} ${what}`)).toEqual(["recloser opens", "home 2, meter fault-counted", "home 2, meter opened: fault", "recloser recloses"]);
});

test("[OCP-2] without sectionalizing the same fault takes all homes out: the proof can fail", () => {
  const outcome = runFeeder(fourHomesStudy({ "meter.setting.sectionalize": undefined }), { faults: [{ home: 1, ...bolted }], seconds: 60 });
  expect(outcome.upstreamOpen || outcome.lockedOut).toBe(true);
  expect(outcome.homes.some(({ served }) => served)).toBe(false);
});

test("[OCP-2] two homes that fault at once are both off, the others ride through one reclosing", () => {
  const outcome = runFeeder(study, { faults: [{ home: 0, ...bolted }, { home: 3, ...bolted }], seconds: 60 });
  expect(outcome.homes.map(({ openedBy, served }) => [openedBy, served])).toEqual([["fault", false], [null, true], [null, true], ["fault", false]]);
  expect(outcome.recloserOpenings).toBe(1);
});

test("[OCP-2] a second home that faults at the reclosing is off after the second shot; the first stays off, nobody else opens", () => {
  const outcome = runFeeder(study, { faults: [{ home: 0, ...bolted }, { home: 2, ...bolted, from: 1.6 }], seconds: 60 });
  expect(outcome.homes[0]).toMatchObject({ openedBy: "fault" });
  expect(outcome.homes[1]).toMatchObject({ openedBy: null });
  expect(outcome.homes[3]).toMatchObject({ openedBy: null });
  for (const { partedAtAmperes } of outcome.homes) expect(partedAtAmperes ?? 0).toBeLessThanOrEqual(0.5);
});

test("[OCP-2] a fault that begins in the dead time of another's is met by the delayed shot, and nothing opens under load", () => {
  const outcome = runFeeder(study, { faults: [{ home: 0, ...bolted, to: 1.2 }, { home: 0, ...bolted, from: 1.3, place: "behind-breaker" }], seconds: 60 });
  expect(outcome.homes[0]?.partedAtAmperes ?? 0).toBeLessThanOrEqual(200);
  expect(outcome.homes.slice(1).every(({ meterClosed }) => meterClosed)).toBe(true);
});

test("[OCP-2] a meter with an empty store cannot open: the fuse takes the homes out, and no contact parts", () => {
  const outcome = runFeeder(study, { faults: [{ home: 1, ...bolted }], seconds: 60, emptyStores: [1] });
  expect(outcome.homes[1]).toMatchObject({ meterClosed: true, partedAtAmperes: null });
  expect(outcome.upstreamOpen || outcome.lockedOut).toBe(true);
});

test("[OCP-2] recloser lockout: with a fuse that never acts, a fault before the meter locks the recloser out, and no meter opens for it", () => {
  const solid = fourHomesStudy({ "transformer.protection.ratedAmperes": 200 });
  const outcome = runFeeder(solid, { faults: [{ home: 1, ...bolted, place: "service" }], seconds: 120 });
  expect(outcome).toMatchObject({ lockedOut: true, recloserOpenings: 4, upstreamOpen: false });
  expect(outcome.homes.every(({ meterClosed }) => meterClosed)).toBe(true);
});

test("[OCP-2] a high-impedance fault that nothing but the meter can see is broken within the rating, by its time", () => {
  const unlimited = fourHomesStudy({ "meter.setting.limit": undefined });
  const outcome = runFeeder(unlimited, { faults: [{ home: 1, place: "before-breaker", ohms: 1.5, from: 1 }], seconds: 3600 });
  expect(outcome.homes[1]).toMatchObject({ openedBy: "overcurrent", partedAtAmperes: expect.closeTo(184.9, 0) as number });
  expect(outcome.homes.filter(({ served }) => served)).toHaveLength(3);
  expect(outcome.recloserOpenings).toBe(0);
});

test("[OCP-2] one between the breaking current and what the recloser sees is cleared by nobody here, and the meter does not open on it", () => {
  const outcome = runFeeder(study, { faults: [{ home: 1, place: "before-breaker", ohms: 0.5, from: 1 }], seconds: 600 });
  expect(outcome.homes[1]).toMatchObject({ meterClosed: true, partedAtAmperes: null });
  expect(outcome.story).toContainEqual({ at: expect.any(Number) as number, who: "home 2, meter", what: "overcurrent-above-rating" });
});

test("[OCP-2] over fault currents, places and homes: nothing opens above its rating, and where the check says effective it is", () => {
  const sweep = sweepFeeder(study, 24);
  expect(sweep.runs.filter(({ problems }) => problems.length > 0)).toEqual([]);
  for (const verdict of ["breaking", "nothing", "fuse-alone", "effective"]) expect(sweep.runs.some((run) => run.verdict === verdict)).toBe(true);
});

test("[OCP-2] where the check says that the fuse is first, it is; and where a setting is wrong the sweep says so", () => {
  const small = sweepFeeder(fourHomesStudy({ "transformer.protection.ratedAmperes": 6, "transformer.protection.minimumMelt": "fuse-k" }), 16);
  expect(small.runs.some(({ verdict }) => verdict === "fuse-first")).toBe(true);
  expect(small.problems).toBe(0);
  const slow = sweepFeeder(fourHomesStudy({ "meter.setting.sectionalize.confirmSeconds": 0.6 }), 16);
  expect(slow.runs.some(({ problems }) => problems.includes("the faulted home is not off by its meter"))).toBe(true);
});
