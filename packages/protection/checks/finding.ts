/** `ok` coordinated · `error` not · `warning` to be known · `vacuous` the question does not arise, which is no proof of anything. */
export type Severity = "ok" | "warning" | "error" | "vacuous";

/** One thing that a check found. Currents are those at the meter unless `text` says otherwise. */
export interface StudyFinding {
  readonly severity: Severity;
  /** Between which devices, or on which setting. */
  readonly place: string;
  readonly fromAmperes?: number;
  readonly toAmperes?: number;
  /** Where the margin is least. */
  readonly least?: LeastMargin;
  readonly text: string;
}

export interface LeastMargin {
  readonly amperes: number;
  /** The device that is to be first, and the one that is to wait. Infinity: never. */
  readonly firstSeconds: number;
  readonly secondSeconds: number;
  readonly marginSeconds: number;
  readonly requiredSeconds: number;
}

/** `1,234 A`, with three digits that count. */
export function inAmperes(amperes: number): string {
  return `${Number(amperes.toPrecision(amperes >= 1000 ? 4 : 3)).toLocaleString("en-US")} A`;
}

export function inSeconds(seconds: number): string {
  if (seconds === Infinity) return "never";
  return `${Number(seconds.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 4 })} s`;
}
