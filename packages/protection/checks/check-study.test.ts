import { expect, test } from "vitest";
import { fourHomesStudy } from "../testing/four-homes.ts";
import { checkStudy } from "./check-study.ts";
import type { Severity, StudyFinding } from "./finding.ts";
import { faultKinds, largestFaultAmperes, sourceOhms } from "../study/referral.ts";

const findings = (changes: Readonly<Record<string, unknown>> = {}): readonly StudyFinding[] => checkStudy(fourHomesStudy(changes)).findings;

function at(all: readonly StudyFinding[], place: RegExp, severity?: Severity): StudyFinding[] {
  return all.filter((finding) => place.test(finding.place) && (severity === undefined || finding.severity === severity));
}

test("currents are referred through the transformer: 30 to one line to line, 60 to one line to neutral", () => {
  const study = fourHomesStudy();
  expect(faultKinds(study).map(({ perSecondaryAmpere }) => 1 / perSecondaryAmpere)).toEqual([expect.closeTo(30, 9), expect.closeTo(60, 9)]);
  // By hand: 2 % of 240²/50,000 = 23.04 mΩ, of which X = 18.432 and R = √(23.04² − 18.432²) = 13.824 mΩ; source 1 + 2j Ω over 900: 1.111 + 2.222j mΩ;
  // drop 12 + 4j mΩ. In all 26.935 + 24.654j mΩ, 36.515 mΩ: 240 V / 36.515 mΩ = 6,573 A.
  expect(sourceOhms(study)).toEqual({ r: expect.closeTo(0.0149351, 6), x: expect.closeTo(0.0206542, 6) });
  expect(largestFaultAmperes(study)).toBeCloseTo(6573, 0);
});

test("[OCP-3] the example is coordinated: main breaker, meter, transformer fuse, recloser, with margins in seconds", () => {
  const report = checkStudy(fourHomesStudy());
  expect(report.coordinated).toBe(true);
  const [breaker] = at(report.findings, /^main breaker → meter$/, "ok");
  // At 200 A, twice the breaker's rating, it opens after 200 s at the latest. The meter: 4 × 120 / (200/135 − 1) = 996.92 s, and .03 s for the switch.
  expect(breaker?.least).toMatchObject({ amperes: 200, firstSeconds: expect.closeTo(200, 6) as number, secondSeconds: expect.closeTo(996.953, 2) as number, marginSeconds: expect.closeTo(796.953, 2) as number, requiredSeconds: 0.2 });
});

test("[OCP-3] a main breaker slower than the transformer fuse is told, with its range", () => {
  const [missed] = at(findings({ "transformer.protection.ratedAmperes": 6, "transformer.protection.minimumMelt": "fuse-k" }), /^main breaker → transformer fuse, line to line$/, "warning");
  expect(missed?.least?.marginSeconds).toBeLessThan(0);
  expect(at(findings(), /^main breaker → /, "warning")).toEqual([]);
});

test("[OCP-3] over currents that the recloser cannot see the answer is vacuous, and says why in amperes at the recloser", () => {
  const [breaking] = at(findings(), /^meter → recloser, line to line$/);
  expect(breaking).toMatchObject({ severity: "vacuous" });
  // 200 A at 240 V is 6.7 A at 7.2 kV.
  expect(breaking?.text).toContain("200 A at the meter is 6.67 A at the recloser");
});

test("[OCP-3] sectionalizing is judged by ranges: vacuous where the fuse acts alone, effective above the recloser's trip referred to the meter", () => {
  const all = at(findings(), /^sectionalizing, line to line$/);
  // 100 A × 30 is 3,000 A. The fuse is sure to melt from 2 × 20 A × 1.2 = 48 A at the primary: 1,440 A less the other homes' 90 A.
  expect(all.map(({ severity, fromAmperes, toAmperes }) => [severity, Math.round(fromAmperes ?? 0), Math.round(toAmperes ?? 0)])).toEqual([["warning", 200, 1350], ["vacuous", 1350, 3000], ["ok", 3000, 6573]]);
  // At 3,000 A: recloser A at its trip .15 s; the fuse at (100 + 3) A, M = 5.15.
  expect(all[2]?.least?.requiredSeconds).toBe(0);
});

test("[OCP-3] where no fault reaches the recloser's trip, the whole answer is vacuous", () => {
  const all = at(findings({ "recloser.tripAmperes": 280, "recloser.loadAmperes": 20 }), /^sectionalizing, line to line$/);
  expect(all[0]).toMatchObject({ severity: "vacuous", text: expect.stringMatching(/219 A at the recloser, which trips at 280 A: it never opens/) as string });
  expect(all.every(({ severity }) => severity !== "ok")).toBe(true);
});

test("[OCP-3] a fuse that melts before the recloser opens is found, with both times", () => {
  const all = at(findings({ "transformer.protection.ratedAmperes": 6, "transformer.protection.minimumMelt": "fuse-k" }), /^sectionalizing, line to line$/, "warning");
  const fuseFirst = all.find(({ text }) => /comes too late/.test(text));
  expect(fuseFirst?.least?.secondSeconds).toBeLessThan(fuseFirst?.least?.firstSeconds ?? 0);
});

test.each<[string, Record<string, unknown>, RegExp, RegExp]>([
  ["a meter faster than the main breaker", { "meter.setting.overcurrent.0.dial": 0.1 }, /^main breaker → meter$/, /main breaker is to act 0\.2 s before meter; least margin/],
  ["a pickup beyond the breaking current", { "meter.setting.overcurrent.0.pickupAmperes": 250 }, /^meter$/, /switch may no longer break/],
  ["a pickup below the load", { "meter.setting.overcurrent.0.pickupAmperes": 25 }, /^meter$/, /below the home's load/],
  ["a fuse that a break may damage", { "transformer.protection.ratedAmperes": 1 }, /^meter → transformer fuse$/, /75 % of minimum melt/],
  ["a transformer's own breaker that is faster than the meter", { "transformer.protection": { kind: "secondary-breaker", ratedAmperes: 100, earliest: "main-breaker" } }, /^meter → the transformer's own breaker$/, /before the transformer's own breaker/],
  ["a recloser that sees the meter's currents and is faster", { "recloser.tripAmperes": 25 }, /^meter → recloser, line to line$/, /before recloser/],
  ["a dead time longer than the recloser's", { "meter.setting.sectionalize.deadTimeSeconds": 2 }, /dead time$/, /closes after 0\.5 s/],
  ["a switch slower than the dead time", { "meter.rating.operatingSeconds": 0.6 }, /dead time$/, /never opens/],
  ["a store too small", { "meter.rating.store.capacityJoules": 4 }, /stored energy$/, /a movement takes 4 J/],
  ["a count forgotten before the recloser's reset", { "meter.setting.sectionalize.resetSeconds": 10 }, /reset$/, /not later than the recloser/],
  ["more shots than the recloser has", { "meter.setting.sectionalize.shots": 4, "recloser.shots": ["recloser-a", "recloser-d"], "recloser.openSeconds": [0.5] }, /dead time$/, /locks out/],
  ["an actuating current within the load", { "meter.setting.sectionalize.actuatingAmperes": 90 }, /actuating current$/, /load would count as a fault/],
  ["an actuating current that misses faults", { "meter.setting.sectionalize.actuatingAmperes": 4000 }, /^sectionalizing, line to line$/, /takes the current for load/],
  ["cold load that trips the meter", { "home.coldLoad": [{ multiple: 6, seconds: 2000 }] }, /cold-load pickup$/, /the meter opens \((overcurrent|load-limit)\)/],
  ["a load limit shorter than the cold load", { "meter.setting.limit": { amperes: 80, seconds: 5, graceSeconds: 2, releaseSeconds: 60 } }, /^meter, cold-load/, /the meter opens \(load-limit\)/],
  ["inrush that melts the fuse", { "transformer.protection.ratedAmperes": 3, "transformer.inrush": [{ multiple: 12, seconds: 0.5 }] }, /^transformer fuse, inrush/, /75 % may be/],
  ["inrush that trips the second shot", { "recloser.shots": ["recloser-a", "recloser-a", "recloser-d", "recloser-d"] }, /^recloser, inrush/, /100 % may be/],
])("[OCP-3] %s is found", (_, changes, place, text) => {
  const report = checkStudy(fourHomesStudy(changes));
  expect(report.coordinated).toBe(false);
  expect(at(report.findings, place, "error").map((finding) => finding.text).join("\n")).toMatch(text);
});

test("[OCP-3] a meter that does not sectionalize, and one that breaks nothing, are told", () => {
  expect(at(findings({ "meter.setting.sectionalize": undefined }), /^sectionalizing$/, "warning")).toHaveLength(1);
  expect(at(findings({ "meter.setting.overcurrent": [] }), /^meter$/, "warning")).toHaveLength(1);
});
