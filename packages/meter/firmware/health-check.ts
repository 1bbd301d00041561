import { isFault, type Firmware, type FirmwareFault, type FirmwareRunner } from "./firmware-runner.ts";
import { input, mostStateOctets, output } from "./interface.ts";

/** What the metrology health check found: undefined where all is well. */
export type HealthFault = FirmwareFault | { readonly reason: "wrong-result"; readonly what: string };

/** A known load and what comes of it in an hour, in milliwatt-hours and so on; by hand from volts × amperes × cos φ. */
interface KnownLoad {
  readonly name: string;
  readonly amperes: number;
  readonly degrees: number;
  readonly active: number;
  readonly reactive: number;
  readonly apparent: number;
}

/** 240 V × 5 A for an hour, delivered. Energy received is no part of it, which is how version 1 passes. */
const knownLoads: readonly KnownLoad[] = [
  { name: "resistive", amperes: 5, degrees: 0, active: 1_200_000, reactive: 0, apparent: 1_200_000 },
  { name: "inductive, 60 degrees", amperes: 5, degrees: 60, active: 600_000, reactive: 1_039_230, apparent: 1_200_000 },
  { name: "none", amperes: 0, degrees: 0, active: 0, reactive: 0, apparent: 0 },
];

/** Counts may differ by so many milliwatt-hours: the remainder that waits for the next step. */
const tolerance = 2;

/**
 * The metrology health check: runs known loads through an image, with a state of its own, and compares. No meter's registers take part, so it may run at
 * any time: when an image is on trial after an update, at installation, on schedule.
 */
export function checkMetrology(runner: FirmwareRunner, image: Uint8Array): HealthFault | undefined {
  const firmware = runner.load(image);
  if (isFault(firmware)) return firmware;
  for (const load of knownLoads) {
    const fault = tryLoad(runner, firmware, load);
    if (fault) return fault;
  }
  return undefined;
}

function tryLoad(runner: FirmwareRunner, firmware: Firmware, load: KnownLoad): HealthFault | undefined {
  const steps = 4;
  const inputs = new Float64Array(steps * input.length);
  const outputs = new Float64Array(steps * output.length);
  const radians = (load.degrees * Math.PI) / 180;
  for (let step = 0; step < steps; step++) {
    const at = step * input.length;
    inputs[at + input.seconds] = 3600 / steps;
    inputs[at + input.volts] = 240;
    inputs[at + input.amperes] = load.amperes;
    inputs[at + input.cosine] = Math.cos(radians);
    inputs[at + input.sine] = Math.sin(radians);
    inputs[at + input.pulses] = step;
  }
  const fault = runner.run(firmware, { state: new Uint8Array(mostStateOctets), inputs, outputs, steps });
  if (fault) return fault;
  const counted = (place: number): number => Array.from({ length: steps }, (_, step) => outputs[step * output.length + place] ?? 0).reduce((sum, count) => sum + count, 0);
  for (const [kind, expected] of [load.active, load.reactive, load.apparent].entries()) {
    const actual = counted(output.energy(0, kind, 1));
    if (Math.abs(actual - expected) > tolerance) return { reason: "wrong-result", what: `load ${load.name}: ${actual} of kind ${kind} where ${expected} was expected` };
  }
  const pulses = counted(output.pulses);
  return pulses === 6 ? undefined : { reason: "wrong-result", what: `${pulses} pulses where 6 were given` };
}
