import { diagnostic } from "../../diagnostic.ts";

/** The last update of the firmware did not fail. Value and detail: the reason, 0 for none. */
export const firmwareUpdate = diagnostic({
  number: 4, id: "firmware-update", class: "service", critical: true, code: 4, manufacturer: true, flag: "ROM_FAILURE", when: "always",
  check: ({ firmware }) => {
    const { updateFailed } = firmware();
    return { failed: updateFailed !== 0, value: updateFailed, limit: 0, detail: updateFailed };
  },
});
