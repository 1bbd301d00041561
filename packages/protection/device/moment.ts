import type { ProtectionEffect, ProtectionEventName } from "./protection-effect.ts";
import type { OpeningReason } from "./protection-setting.ts";
import type { Hardware, Kept, Protection, Running } from "./protection-state.ts";

type Writable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

/** A state while the rules work on it, at one instant. Parts are replaced, never changed, so that the state it was made from stays as it is. */
export interface Moment {
  readonly protection: Protection;
  readonly hardware: Writable<Hardware>;
  readonly running: Writable<Running>;
  readonly effects: ProtectionEffect[];
  kept: Kept;
}

/** Two instants nearer than this are one: what a double leaves of a microsecond in seconds since 1970. */
export const instant = 1e-6;

/** Whether an instant has come. */
export function due(moment: Moment, at: number | null): boolean {
  return at !== null && moment.hardware.at >= at - instant;
}

export function note(moment: Moment, name: ProtectionEventName, detail: { reason?: OpeningReason; amperes?: number } = {}): void {
  moment.effects.push({ kind: "event", name, at: moment.hardware.at, ...detail });
}

/** Changes the kept part; the effect to write it goes before whatever follows. */
export function keep(moment: Moment, change: Partial<Kept>): void {
  moment.kept = { ...moment.kept, ...change };
  moment.effects.push({ kind: "keep" });
}
