import type { CivilSeconds } from "../time/civil-date.ts";
import type { MeasuredState } from "./measured-state.ts";
import { head, type RegisterLayout } from "./register-layout.ts";

/** The meter reads itself: the registers go into the next place of table 26, the oldest make room. Nothing where the model has no such table. */
export function selfRead(state: MeasuredState, at: CivilSeconds, season: number): void {
  const { layout } = state;
  if (layout.selfReads === 0) return;
  const sequence = (state.get(head.selfReadSequence) + 1) & 0xffff;
  const unread = state.get(head.selfReadsUnread);
  state.snapshot(layout.selfRead(sequence), at, season, sequence);
  state.set(head.selfReadSequence, sequence);
  state.set(head.selfReads, Math.min(state.get(head.selfReads) + 1, layout.selfReads));
  if (unread === layout.selfReads) state.set(head.selfReadsOverflow, 1);
  state.set(head.selfReadsUnread, Math.min(unread + 1, layout.selfReads));
}

/** Places of the entries that are there, by place in the table. */
export function validSelfReads(layout: RegisterLayout, sequence: number, valid: number): ReadonlySet<number> {
  return new Set(Array.from({ length: valid }, (_, back) => (sequence - back) % layout.selfReads));
}
