import { diagnostic } from "../../diagnostic.ts";

/** Each tier is rounded down by itself, and so is the total. */
const allowed = 8;

/** What the registers say agrees with itself: the tiers add up to the total. Value: units of the register; detail: the register. */
export const registerConsistency = diagnostic({
  number: 10, id: "register-consistency", class: "billing", critical: true, code: 43, flag: "MEASUREMENT_ERROR", when: "metrology-check",
  check: ({ registerDifference }) => {
    const difference = registerDifference();
    return difference && { failed: difference.units > allowed, value: difference.units, limit: allowed, detail: difference.register };
  },
});
