import { diagnostic } from "../../diagnostic.ts";

/** The phases come in the order A-B-C where the meter needs that. Value: 1 for A-B-C, −1 for the other order. */
export const socketRotation = diagnostic({
  number: 14, id: "socket-rotation", class: "service", code: 6, manufacturer: true, when: "always",
  check: ({ service, settings }) => {
    const reading = service();
    if (!reading || !settings.rotates || reading.rotation === 0) return undefined;
    return { failed: reading.rotation !== 1, value: reading.rotation, limit: 1 };
  },
});
