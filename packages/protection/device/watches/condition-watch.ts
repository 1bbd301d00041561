import { highest, type LineState } from "../line-state.ts";
import { due, note, type Moment } from "../moment.ts";
import type { ServiceCondition } from "../protection-setting.ts";
import { tryToOpen } from "../switch-drive.ts";

/** Voltage and temperature: beyond a threshold for a while, until on the good side of the release. An outage is no low voltage. */
export function settleConditions(moment: Moment): void {
  const { hardware, running, protection: { rating, setting } } = moment;
  running.conditions = setting.conditions.map((condition, index) => {
    const before = running.conditions[index] ?? { since: null, active: false, goneAt: hardware.at };
    const value = measured(condition, hardware.line, rating.lostVolts);
    if (before.active) {
      if (value !== undefined && beyond(condition, value, condition.release)) return before;
      note(moment, "condition-ended");
      return { since: null, active: false, goneAt: hardware.at };
    }
    const since = value !== undefined && beyond(condition, value, condition.threshold) ? (before.since ?? hardware.at) : null;
    const active = since !== null && due(moment, since + condition.seconds);
    if (active) note(moment, condition.kind);
    return { since, active, goneAt: before.goneAt };
  });
  for (const [index, condition] of setting.conditions.entries()) {
    if (condition.action === "open" && running.conditions[index]?.active) tryToOpen(moment, condition.kind);
  }
}

export function nextOfConditions({ running, protection: { setting } }: Moment): number {
  let next = Infinity;
  for (const [index, { since, active }] of running.conditions.entries()) {
    if (since !== null && !active) next = Math.min(next, since + (setting.conditions[index]?.seconds ?? 0));
  }
  return next;
}

function measured({ kind }: ServiceCondition, line: LineState, lostVolts: number): number | undefined {
  if (kind === "high-temperature") return line.celsius;
  if (kind === "high-voltage") return highest(line.volts);
  const alive = line.volts.filter((volts) => volts >= lostVolts);
  return alive.length === 0 ? undefined : Math.min(...alive);
}

function beyond({ kind }: ServiceCondition, value: number, bound: number): boolean {
  return kind === "low-voltage" ? value < bound : value > bound;
}
