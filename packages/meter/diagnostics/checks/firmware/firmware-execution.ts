import { diagnostic } from "../../diagnostic.ts";

/** The firmware ends its work in time and with sensible counts: no run of it had to be contained. Value and detail: the reason, 0 for none. */
export const firmwareExecution = diagnostic({
  number: 5, id: "firmware-execution", class: "billing", critical: true, code: 3, manufacturer: true, flag: "MEASUREMENT_ERROR", followsNow: true, when: "always",
  check: ({ firmware }) => {
    const { contained } = firmware();
    return { failed: contained !== 0, value: contained, limit: 0, detail: contained };
  },
});
