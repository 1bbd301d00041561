import { diagnostic } from "../../diagnostic.ts";

/** The last setting moved the clock by no more than the settings say. Value: seconds, negative where the clock was fast. It has no standard flag: the clock is right again. */
export const clockDrift = diagnostic({
  number: 7, id: "clock-drift", class: "billing", critical: true, code: 42, when: "always",
  check: ({ timeSync, settings }) => {
    const correction = timeSync()?.correction;
    if (correction === undefined) return undefined;
    return { failed: Math.abs(correction) > settings.driftSeconds, value: correction, limit: settings.driftSeconds };
  },
});
