import { diagnostic } from "../../diagnostic.ts";

const allowed = 10;

/** The meter hangs as it was put up. Value: degrees off. */
export const tilt = diagnostic({
  number: 16, id: "tilt", class: "safety", code: 47, flag: "TAMPER_DETECT", when: "always",
  check: ({ housing }) => {
    const { tiltDegrees } = housing();
    return { failed: tiltDegrees > allowed, value: Math.round(tiltDegrees), limit: allowed };
  },
});
