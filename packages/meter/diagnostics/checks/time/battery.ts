import { diagnostic } from "../../diagnostic.ts";

/** The clock's battery has the voltage that it needs to carry the clock over an outage. Value: millivolts, at least the limit. */
export const battery = diagnostic({
  number: 8, id: "battery", class: "billing", code: 44, flag: "LOW_BATTERY", when: "self-test",
  check: ({ batteryMillivolts, settings }) => {
    const value = batteryMillivolts();
    return { failed: value < settings.lowBatteryMillivolts, value, limit: settings.lowBatteryMillivolts };
  },
});
