/** What a meter's terminals have from an instant on, rms over a cycle. */
export interface LineState {
  /** One for each line conductor. */
  readonly amperes: readonly number[];
  /** One for each element, on the line side of the switch. */
  readonly volts: readonly number[];
  /** On the load side of the switch; voltage there while it is open is fed from behind. Absent: not measured. */
  readonly loadVolts?: number;
  /** Degrees Celsius at the switch. Absent: not measured. */
  readonly celsius?: number;
}

export const deadLine: LineState = { amperes: [0], volts: [0] };

export function highest(values: readonly number[]): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
