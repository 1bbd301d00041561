import type { ParameterGroups } from "../parameters/schema.ts";

const nobody = { by: "utility", afterSeconds: 0, attempts: 0 } as const;

/** Every group that parameters can have, for a polyphase meter with a switch that does not exist; each type holds some of them. */
export const everyGroup: ParameterGroups = {
  demand: { intervalMinutes: 15, subintervals: 3, resetExclusionMinutes: 60, outage: { recognitionSeconds: 60, exclusionMinutes: 15, coldLoadPickupMinutes: 0 } },
  loadProfile: { intervalMinutes: 15, channels: ["kWh-delivered"], stamp: "interval-end" },
  selfReads: { daily: false, weekly: false, atDemandReset: true, atSeasonChange: true, seasonChangeResetsDemand: false, demandResets: [{ month: 1, day: 1 }, { month: 7, day: 1 }] },
  displays: {
    lists: [
      { name: "normal", onSeconds: 6, offSeconds: 1, holdSeconds: 10, items: [{ show: "all-segments" }, { show: "register", quantity: "kWh-delivered" }, { show: "register", quantity: "kWh-delivered", tier: 1 }] },
      { name: "alternate", onSeconds: 0, offSeconds: 0, holdSeconds: 15, items: [{ show: "clock" }, { show: "program-code" }] },
    ],
  },
  events: { logged: ["power-down", "programmed", "clock-changed-from", "clock-changed-to", "demand-reset", "tamper"], reportedAtOnce: ["tamper"] },
  diagnostics: { selfTestHours: 24, metrologyCheckHours: 48, timeSyncDays: 40, driftSeconds: 30, lowBatteryVolts: 2.9 },
  service: { nominalVolts: 240, tolerancePercent: 10, phases: ["A", "B", "C"], rotation: true },
  supervision: {
    conditions: [
      { kind: "high-voltage", threshold: 276, release: 264, seconds: 5, action: "open" },
      { kind: "low-voltage", threshold: 192, release: 204, seconds: 10.5, action: "report" },
    ],
  },
  serviceSwitch: {
    reclose: {
      command: nobody, overcurrent: { by: "customer", afterSeconds: 30, attempts: 3 }, fault: nobody, "load-limit": { by: "customer", afterSeconds: 10, attempts: 5 },
      "high-voltage": { by: "meter", afterSeconds: 60, attempts: 10 }, "low-voltage": nobody, "high-temperature": nobody,
    },
    settledSeconds: 3600,
  },
  loadLimit: { amperes: 80, seconds: 120, graceSeconds: 60, releaseSeconds: 300 },
  overcurrent: {
    study: "Four homes on one transformer",
    elements: [{ curve: "ieee-very-inverse", pickupAmperes: 220, dial: 0.5, reset: "disk" }, { curve: "definite-time", pickupAmperes: 600, dial: 0.1, reset: 0.25 }],
    sectionalize: { shots: 2, actuatingAmperes: 800, sensingSeconds: 0.05, windowSeconds: 0.5, confirmSeconds: 0.2, deadTimeSeconds: 2, resetSeconds: 60, inrushFactor: 2.5, inrushSeconds: 0.3 },
  },
  communication: { linkFailures: 4, reportRetrySeconds: 90 },
  localPort: { wrongPasswords: 3, lockoutMinutes: 15, idleSeconds: 6, programming: true },
  identification: { owner: "Example Electric", division: "North" },
};
