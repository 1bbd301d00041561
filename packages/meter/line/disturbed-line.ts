import type { Line, LineSample } from "./line.ts";

/** Something that happens on a line for a time, as data. Times: seconds since 1970 UTC, `to` not included. */
export interface Disturbance {
  readonly from: number;
  readonly to: number;
  /** Factor of the voltage: 0 is an outage, .8 a sag. */
  readonly voltage?: number;
  /** Factor of the current; negative: energy flows the other way, as with a generator behind the meter. */
  readonly current?: number;
  /** Phases that it is about, 0–2; all where absent. */
  readonly phases?: readonly number[];
}

/** A line with things that happen to it. Where several hold, their factors multiply. A dead phase draws no current. Pulses go on in an outage. */
export function disturbedLine(line: Line, disturbances: readonly Disturbance[]): Line {
  return {
    kind: line.kind,
    sample(from, until, into) {
      let end = until;
      for (const one of disturbances) {
        if (one.from > from) end = Math.min(end, one.from);
        else if (one.to > from) end = Math.min(end, one.to);
      }
      end = line.sample(from, end, into);
      for (const one of disturbances) if (one.from <= from && from < one.to) disturb(into, one);
      return end;
    },
  };
}

function disturb(into: LineSample, { voltage = 1, current = 1, phases = [0, 1, 2] }: Disturbance): void {
  for (const phase of phases) {
    into.volts[phase] = (into.volts[phase] ?? 0) * voltage;
    into.amperes[phase] = into.volts[phase] === 0 ? 0 : (into.amperes[phase] ?? 0) * Math.abs(current);
    if (current < 0) into.degrees[phase] = 180 - (into.degrees[phase] ?? 0);
  }
}
