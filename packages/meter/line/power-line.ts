import type { Line, LineSample } from "./line.ts";

/** A service as it is wired and used. */
export interface Service {
  readonly phases: 1 | 2 | 3;
  /** Volts across each element. */
  readonly volts: number;
  /** Degrees by which the current lags while energy is delivered; while it is received, 180 less. */
  readonly lagDegrees: number;
}

/** 240 V across one element, power factor .97 lagging. */
export const householdService: Service = { phases: 1, volts: 240, lagDegrees: (Math.acos(0.97) * 180) / Math.PI };
/** Three elements at 120 V behind instrument transformers, power factor .9 lagging. */
export const commercialService: Service = { phases: 3, volts: 120, lagDegrees: (Math.acos(0.9) * 180) / Math.PI };

/** Active power over time. `until`: when it may change at the earliest, later than `seconds`. Negative: energy is received. */
export interface PowerCurve {
  watts(seconds: number): number;
  until(seconds: number): number;
}

/** A line on which a service draws the power of a curve, alike on its phases. */
export function powerLine(curve: PowerCurve, service: Service): Line {
  const cosine = Math.cos((service.lagDegrees * Math.PI) / 180);
  return {
    kind: "electricity",
    sample(from, until, into) {
      const watts = curve.watts(from) / service.phases;
      into.clear();
      for (let phase = 0; phase < service.phases; phase++) drawn(into, phase, watts, service, cosine);
      return Math.min(until, curve.until(from));
    },
  };
}

function drawn(into: LineSample, phase: number, watts: number, { volts, lagDegrees }: Service, cosine: number): void {
  into.volts[phase] = volts;
  into.amperes[phase] = Math.abs(watts) / (volts * cosine);
  into.degrees[phase] = watts < 0 ? 180 - lagDegrees : lagDegrees;
}
