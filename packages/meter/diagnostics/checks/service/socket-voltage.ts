import { diagnostic } from "../../diagnostic.ts";

/** The voltages that there are belong to the service that the meter is made for. Value: the volts farthest from it; limit: the volts of the service; detail: the phase. */
export const socketVoltage = diagnostic({
  number: 13, id: "socket-voltage", class: "safety", code: 5, manufacturer: true, when: "always",
  check: ({ service, settings }) => {
    const reading = service();
    if (!reading) return undefined;
    let [value, detail] = [settings.serviceVolts, 0];
    for (let phase = 0; phase < reading.volts.length; phase++) {
      const volts = reading.volts[phase] ?? 0;
      // No voltage is a missing phase, which is another diagnostic's.
      if (volts > 0.1 * settings.serviceVolts && Math.abs(volts - settings.serviceVolts) > Math.abs(value - settings.serviceVolts)) [value, detail] = [volts, phase];
    }
    return { failed: Math.abs(value - settings.serviceVolts) * 100 > settings.voltageTolerance * settings.serviceVolts, value: Math.round(value), limit: settings.serviceVolts, detail };
  },
});
