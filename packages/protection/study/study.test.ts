import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtectionError } from "../protection-error.ts";
import { fourHomesFile } from "../testing/four-homes.ts";
import { checkStudy } from "../checks/check-study.ts";
import { readStudy } from "./study.ts";

function refusal(value: unknown): ProtectionError {
  try {
    readStudy(value, "study.json");
  } catch (error) {
    if (error instanceof ProtectionError) return error;
    throw error;
  }
  throw new Error("it was read");
}

test.each<[string, Record<string, unknown>, RegExp]>([
  ["another format", { format: "x" }, /^study\.json: format: /],
  ["a field too many", { colour: "red" }, /^study\.json: colour: is no field of a study/],
  ["a curve that nobody knows", { "meter.setting.overcurrent": [{ curve: "cubic", pickupAmperes: 1, dial: 1, reset: 0 }] }, /meter\.setting\.overcurrent\.0\.curve/],
  ["a disk without characteristic", { "meter.setting.overcurrent.0.reset": "disk" }, /no reset characteristic/],
  ["a fault that the customer may close on", { "meter.setting.reclose.fault.by": "customer" }, /reclose: leaves a fault/],
  ["points that fall", { "breaker.curve": { name: "x", multiples: [2, 1], seconds: [2, 1], source: "x" } }, /breaker\.curve/],
  ["an open interval too few", { "recloser.openSeconds": [0.5] }, /^study\.json: recloser: has not one open interval/],
  ["no number", { "transformer.kva": "50" }, /transformer\.kva/],
  ["nothing of a transformer", { "transformer.kva": 0 }, /transformer\.kva/],
  ["an infinite current", { "home.amperes": Infinity }, /home\.amperes/],
])("[OCP-3] a study with %s is refused with its place", (_, changes, message) => {
  expect(refusal(fourHomesFile(changes)).message).toMatch(message);
});

test("any JSON is refused by this package's own error", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(refusal(value).code).toBe("study-invalid");
  }), { numRuns: 100 });
});

test("whatever number stands in a study, it is refused or checked", () => {
  const numbers = ["home.amperes", "breaker.ratedAmperes", "meter.rating.breakingAmperes", "meter.rating.store.holdUpWatts", "meter.setting.overcurrent.0.pickupAmperes", "meter.setting.overcurrent.0.dial", "meter.setting.sectionalize.confirmSeconds", "meter.setting.limit.seconds", "transformer.kva", "transformer.secondaryVolts", "transformer.protection.ratedAmperes", "recloser.tripAmperes", "line.drop.r"];
  fc.assert(fc.property(fc.constantFrom(...numbers), fc.double({ noNaN: false }), (path, value) => {
    let study;
    try {
      study = readStudy(fourHomesFile({ [path]: value }));
    } catch (error) {
      expect(error).toBeInstanceOf(ProtectionError);
      return;
    }
    expect(checkStudy(study).findings.length).toBeGreaterThan(0);
  }), { numRuns: 60 });
});
