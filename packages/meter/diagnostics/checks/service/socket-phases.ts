import { diagnostic } from "../../diagnostic.ts";

/** A phase counts as there from this part of the service's voltage on. */
const present = 0.1;

/** The socket gives voltage on the phases that the form of the meter uses, and on no other. A meter without any is without power. Value, limit and detail: phases, bit by bit. */
export const socketPhases = diagnostic({
  number: 12, id: "socket-phases", class: "service", code: 45, flag: "LOW_LOSS_POTENTIAL", when: "always",
  check: ({ service, settings }) => {
    const reading = service();
    if (!reading) return undefined;
    let value = 0;
    for (let phase = 0; phase < reading.volts.length; phase++) if ((reading.volts[phase] ?? 0) > present * settings.serviceVolts) value |= 1 << phase;
    return { failed: value !== settings.servicePhases, value, limit: settings.servicePhases, detail: value };
  },
});
