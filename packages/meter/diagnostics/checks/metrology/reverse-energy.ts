import { diagnostic } from "../../diagnostic.ts";

/** Energy is not received from where none is expected. Value: watts, negative where received. */
export const reverseEnergy = diagnostic({
  number: 11, id: "reverse-energy", class: "billing", code: 48, flag: "REVERSE_ROTATION", when: "always",
  check: ({ service }) => {
    const reading = service();
    return reading && { failed: reading.watts < 0, value: Math.round(reading.watts), limit: 0 };
  },
});
