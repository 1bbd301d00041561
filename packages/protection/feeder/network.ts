import { add, magnitude, nothing, ohms, over, times, type Complex } from "./complex.ts";

/** A home at the end of its service drop: a load and perhaps a fault in parallel, behind meter and main breaker. */
export interface HomeBranch {
  readonly drop: Complex;
  /** Siemens of what is connected; nothing while meter is open. */
  readonly admittance: Complex;
}

export interface Flow {
  /** At each home's meter, line side. */
  readonly volts: readonly number[];
  /** Through each home's meter. */
  readonly amperes: readonly number[];
  /** All homes together, at the secondary. */
  readonly total: number;
}

/** One transformer's secondary: `volts` behind `source`, homes in a star. Steady state, rms; everything across the whole winding. */
export function solve(volts: number, source: Complex, homes: readonly HomeBranch[]): Flow {
  const branches = homes.map(({ drop, admittance }) => (magnitude(admittance) === 0 ? nothing : over(ohms(1), add(drop, over(ohms(1), admittance)))));
  const whole = branches.reduce(add, nothing);
  const bus = over(ohms(volts), add(ohms(1), times(source, whole)));
  const currents = branches.map((branch) => times(bus, branch));
  return {
    amperes: currents.map(magnitude),
    volts: currents.map((current, index) => magnitude(add(bus, times(ohms(-1), times(current, homes[index]?.drop ?? nothing))))),
    total: magnitude(times(bus, whole)),
  };
}

/** Admittance that draws so many amperes at the rated voltage, unity power factor. */
export function loadAdmittance(amperes: number, volts: number): Complex {
  return ohms(amperes / volts);
}
