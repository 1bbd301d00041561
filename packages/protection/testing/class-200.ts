import { relayCurves } from "../curves/relay-curves.ts";
import { utilityOnly, type ProtectionSetting } from "../device/protection-setting.ts";
import type { Protection } from "../device/protection-state.ts";
import type { SwitchRating } from "../device/switch-rating.ts";

export const rating: SwitchRating = {
  breakingAmperes: 200, operatingSeconds: 0.03, zeroAmperes: 0.5, lostVolts: 60, bootSeconds: 1,
  store: { capacityJoules: 12, movingJoules: 4, chargingWatts: 0.5, holdUpWatts: 1 },
};

export const setting: ProtectionSetting = {
  overcurrent: [{ data: relayCurves["ieee-very-inverse"], pickupAmperes: 110, dial: 8, reset: "disk" }],
  sectionalize: {
    actuatingAmperes: 220, sensingSeconds: 0.01, windowSeconds: 0.1, shots: 1, confirmSeconds: 0.05, deadTimeSeconds: 0.5, resetSeconds: 30,
    inrush: { factor: 8, seconds: 1 },
  },
  limit: { amperes: 60, seconds: 300, graceSeconds: 120, releaseSeconds: 60 },
  conditions: [
    { kind: "high-voltage", threshold: 264, release: 256, seconds: 2, action: "open" },
    { kind: "low-voltage", threshold: 208, release: 216, seconds: 10, action: "report" },
    { kind: "high-temperature", threshold: 90, release: 70, seconds: 5, action: "open" },
    { kind: "high-temperature", threshold: 80, release: 70, seconds: 5, action: "reduce" },
  ],
  reclose: {
    command: utilityOnly,
    overcurrent: { by: "customer", afterSeconds: 60, attempts: 2 },
    fault: utilityOnly,
    "load-limit": { by: "meter", afterSeconds: 300, attempts: 3 },
    "high-voltage": { by: "meter", afterSeconds: 30, attempts: 5 },
    "low-voltage": utilityOnly,
    "high-temperature": utilityOnly,
  },
  settledSeconds: 3600,
};

export const class200: Protection = { rating, setting };
