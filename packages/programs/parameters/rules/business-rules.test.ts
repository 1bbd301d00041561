import { describe, expect, test } from "vitest";
import { exampleParameters } from "../../testing/example-files.ts";
import { everyGroup } from "../../testing/every-group.ts";
import { readParameters } from "../read-parameters.ts";
import type { ParameterGroups, Parameters } from "../schema.ts";
import { validateParameters } from "../validate.ts";
import rules from "./business-rules.json" with { type: "json" };

type Complete = Omit<Parameters, keyof ParameterGroups> & ParameterGroups;

const whole = (): Complete => ({ ...exampleParameters("sce-gs-2-tou-b-single-phase"), ...structuredClone(everyGroup) });

/** For every rule of the table, an edit that breaks it and no other of the same field. */
const breaks: Readonly<Record<string, (parameters: Complete) => void>> = {
  "demand-divides-the-hour": ({ demand }) => void (demand.intervalMinutes = 25),
  "demand-slides-in-whole-minutes": ({ demand }) => void (demand.subintervals = 4),
  "demand-is-registered": ({ registers }) => void (registers.demand = []),
  "profile-divides-the-hour": ({ loadProfile }) => void (loadProfile.intervalMinutes = 7),
  "profile-records-sums": ({ loadProfile }) => void (loadProfile.channels = ["kW-delivered"]),
  "profile-channels-differ": ({ loadProfile }) => void (loadProfile.channels = ["kWh-delivered", "kWh-delivered"]),
  "profile-explains-demand": ({ loadProfile }) => void (loadProfile.intervalMinutes = 60),
  "self-reads-before-resets": ({ selfReads }) => void Object.assign(selfReads, { seasonChangeResetsDemand: true, atSeasonChange: false, atDemandReset: false }),
  "resets-on-days-that-are": ({ selfReads }) => void (selfReads.demandResets = [{ month: 1, day: 29 }]),
  "displays-show-what-is-registered": ({ displays }) => void displays.lists[0]!.items.push({ show: "register", quantity: "kVAh-delivered" }),
  "displays-show-tiers-that-are": ({ displays }) => void displays.lists[0]!.items.push({ show: "register", quantity: "kWh-delivered", tier: 7 }),
  "displays-have-one-list-of-a-name": ({ displays }) => void displays.lists.push(displays.lists[0]!),
  "alarms-are-logged": ({ events }) => void (events.logged = events.logged.filter((name) => name !== "tamper")),
  "audit-is-logged": ({ events }) => void (events.logged = events.logged.filter((name) => name !== "programmed")),
  "metrology-at-least-daily": ({ diagnostics }) => void (diagnostics.metrologyCheckHours = 12),
  "rotation-needs-three-phases": ({ service }) => void (service.phases = ["A"]),
  "phases-once": ({ service }) => void (service.phases = ["A", "B", "B"]),
  "conditions-end-on-the-good-side": ({ supervision }) => void (supervision.conditions[0]!.release = 290),
  "conditions-around-the-service": ({ supervision }) => void Object.assign(supervision.conditions[0]!, { threshold: 200, release: 190 }),
  "opening-needs-a-way-back": (parameters) => void Reflect.deleteProperty(parameters, "serviceSwitch"),
  "breaking-needs-a-way-back": (parameters) => void Reflect.deleteProperty(parameters, "serviceSwitch"),
  "faults-are-the-utilitys": ({ serviceSwitch }) => void (serviceSwitch.reclose.fault.by = "customer"),
  "disks-turn-back-by-a-curve": ({ overcurrent }) => void Object.assign(overcurrent.elements[0]!, { curve: "iec-very-inverse", reset: "disk" }),
  "limit-before-protection": ({ loadLimit }) => void (loadLimit.amperes = 900),
};

describe("[BLD-1] the rules of the business are data, and each of them can be broken", () => {
  test("a program with every group breaks none", () => expect(validateParameters(whole())).toEqual([]));

  test.each(rules)("$id", ({ id, field, severity }) => {
    const parameters = whole();
    breaks[id]!(parameters);
    const found = validateParameters(parameters).find(({ message }) => message.endsWith(`(rule ${id})`));
    expect(found).toMatchObject({ field, severity });
    expect(found!.message).not.toMatch(/[{}]/);
  });

  test("what is said names the value and what is allowed", () => {
    const parameters = whole();
    parameters.demand.intervalMinutes = 25;
    expect(validateParameters(parameters)[0]!.message).toBe("25 minutes do not divide the hour: intervals would begin at other minutes every hour; choose 5, 10, 15, 30 or 60 (rule demand-divides-the-hour)");
  });
});

describe("[BLD-1] what a group leaves open is filled from the table of defaults", () => {
  const read = (groups: object): Parameters => readParameters({ ...exampleParameters("aps-et-2-tou"), ...groups }, "et-2.json");

  test("values, and those that depend on others", () => {
    expect(read({ diagnostics: { selfTestHours: 12 } }).diagnostics).toEqual({ selfTestHours: 12, metrologyCheckHours: 24, timeSyncDays: 35, driftSeconds: 60, lowBatteryVolts: 3 });
    expect(read({ service: { nominalVolts: 120, phases: ["A", "B", "C"] } }).service).toMatchObject({ rotation: true, tolerancePercent: 20 });
    expect(read({ service: { nominalVolts: 240, phases: ["A"] } }).service).toMatchObject({ rotation: false });
    expect(read({ serviceSwitch: { reclose: { "high-voltage": { by: "meter", afterSeconds: 60, attempts: 3 } } } }).serviceSwitch!.reclose).toMatchObject({ command: { by: "utility" }, "high-voltage": { by: "meter" } });
  });

  test("a group that is absent stays so; what is written is never replaced; reading again changes nothing", () => {
    expect(read({}).diagnostics).toBeUndefined();
    const once = read({ ...structuredClone(everyGroup) });
    expect(once).toMatchObject(everyGroup);
    expect(readParameters(once, "again")).toEqual(once);
  });
});

test("[BLD-1] a number that is refused says its unit and what is allowed", () => {
  const refusal = (groups: object): string => {
    try {
      readParameters({ ...exampleParameters("aps-et-2-tou"), ...groups }, "et-2.json");
    } catch (error) {
      return (error as Error).message;
    }
    return "taken";
  };
  expect(refusal({ demand: { intervalMinutes: 2000 } })).toBe("et-2.json: demand.intervalMinutes: 2000 minutes; allowed are 1 to 1440 minutes, whole");
  expect(refusal({ diagnostics: { lowBatteryVolts: 3.0005 } })).toBe("et-2.json: diagnostics.lowBatteryVolts: 3.0005 V; allowed are 0 to 4 V, in steps of 0.001");
  expect(refusal({ loadLimit: { amperes: "80", seconds: 1 } })).toBe("et-2.json: loadLimit.amperes: is no number; allowed are 0.001 to 1000000 A, in steps of 0.001");
  expect(refusal({ service: { phases: ["A"] } })).toBe("et-2.json: service.nominalVolts: is missing; allowed are 24 to 600 V, whole");
});
