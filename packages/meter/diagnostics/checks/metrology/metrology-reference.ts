import { diagnostic } from "../../diagnostic.ts";

/** Hundredths of a percent: a class 0.5 meter (ours; the accuracy class of table 2 has unverified codes). */
const allowed = 50;

/** The firmware counts known loads right, and the measuring front end reads its reference as it should. Value: hundredths of a percent off; detail: 1 where the firmware counts wrong. */
export const metrologyReference = diagnostic({
  number: 9, id: "metrology-reference", class: "billing", critical: true, code: 43, flag: "MEASUREMENT_ERROR", when: "metrology-check",
  check: ({ referenceDeviation, countsWrong }) => {
    const [value, wrong] = [referenceDeviation(), countsWrong()];
    return { failed: wrong || Math.abs(value) > allowed, value, limit: allowed, detail: Number(wrong) };
  },
});
