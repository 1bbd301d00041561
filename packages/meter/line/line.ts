/** A line has at most so many phases, A, B, C. A single-phase service is on phase A, its voltage the one across the element. */
export const phases = 3;

/**
 * What a meter's terminals have for a span of time: voltage and current (rms, volts and amperes) by phase, the angle by which the current lags the voltage
 * (degrees, −180…180: 0…90 first quadrant, delivered and inductive; beyond ±90 energy is received), and for pulse inputs the pulses within the span.
 */
export class LineSample {
  readonly volts = new Float64Array(phases);
  readonly amperes = new Float64Array(phases);
  readonly degrees = new Float64Array(phases);
  pulses = 0;

  /** No phase has voltage. An electric meter is then without power; one of pulses has a battery. */
  get dead(): boolean {
    return this.volts[0] === 0 && this.volts[1] === 0 && this.volts[2] === 0;
  }

  clear(): void {
    this.volts.fill(0);
    this.amperes.fill(0);
    this.degrees.fill(0);
    this.pulses = 0;
  }
}

/**
 * What a meter is connected to. A pure function of time, so that asking twice or in other steps gives the same; it keeps nothing by meter but its few
 * parameters, and recordings behind it are shared.
 */
export interface Line {
  readonly kind: "electricity" | "pulses";
  /**
   * Writes into `into` what holds from `from` on, and answers until when it does: later than `from`, not later than `until`. Times are seconds since 1970,
   * universal time of the world (not of any meter's clock); they may have fractions. Every member of `into` is written.
   */
  sample(from: number, until: number, into: LineSample): number;
}
