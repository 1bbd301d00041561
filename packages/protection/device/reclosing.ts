import { canMove, isDead } from "./energy-store.ts";
import { due, keep, type Moment } from "./moment.ts";
import type { CloseRefusal } from "./protection-effect.ts";
import type { RecloseRule } from "./protection-setting.ts";
import { tryToClose, tryToOpen } from "./switch-drive.ts";

/** What the utility orders. Opening waits until the current allows it. */
export function ordered(moment: Moment, order: "open" | "close" | "arm"): void {
  const { running } = moment;
  if (order === "open") {
    running.openingOrdered = true;
    answer(moment, undefined);
    return;
  }
  const why = order === "arm" && moment.hardware.closed ? "already-closed" : order === "close" ? refusalToClose(moment) : undefined;
  if (why === undefined) {
    running.openingOrdered = false;
    keep(moment, order === "arm" ? { armed: true } : { reclosures: 0, faultCount: 0 });
    if (order === "close") tryToClose(moment);
  }
  answer(moment, why);
}

/** The customer at the meter: may close what is armed, and what the rule of its opening leaves to customers. */
export function buttonPressed(moment: Moment): void {
  const why = refusalToClose(moment) ?? (moment.kept.armed ? undefined : refusalBy(moment, "customer"));
  if (why === undefined) {
    keep(moment, { reclosures: moment.kept.reclosures + 1 });
    tryToClose(moment);
  }
  answer(moment, why);
}

/** Closing by the meter itself, the order that waits, and the count that settles. */
export function settleReclosing(moment: Moment): void {
  const { hardware, running, kept, protection: { setting } } = moment;
  if (running.openingOrdered && hardware.closed) tryToOpen(moment, "command");
  if (hardware.closed && kept.reclosures > 0 && due(moment, running.closedSince + setting.settledSeconds)) keep(moment, { reclosures: 0 });
  if (hardware.closed || running.moving || refusalToClose(moment) !== undefined || refusalBy(moment, "meter") !== undefined) return;
  if (!due(moment, running.restsUntil)) return;
  keep(moment, { reclosures: kept.reclosures + 1 });
  tryToClose(moment);
}

export function nextOfReclosing(moment: Moment): number {
  const { hardware, running, kept, protection: { setting } } = moment;
  if (hardware.closed) return kept.reclosures > 0 ? running.closedSince + setting.settledSeconds : Infinity;
  const rule = ruleOf(moment);
  return rule.by === "meter" && kept.reclosures < rule.attempts ? earliest(moment, rule) : Infinity;
}

function answer(moment: Moment, why: CloseRefusal | undefined): void {
  moment.effects.push(why === undefined ? { kind: "answer", accepted: true } : { kind: "answer", accepted: false, why });
}

function refusalToClose({ hardware, running, protection: { rating } }: Moment): CloseRefusal | undefined {
  if (hardware.closed) return "already-closed";
  if (running.moving) return "moving";
  if (isDead(hardware.line, rating)) return "line-dead";
  if ((hardware.line.loadVolts ?? 0) >= rating.lostVolts) return "fed-from-behind";
  return canMove(hardware.joules, rating) ? undefined : "without-energy";
}

function refusalBy(moment: Moment, by: "customer" | "meter"): CloseRefusal | undefined {
  const rule = ruleOf(moment);
  if (rule.by !== by) return "not-armed";
  if (moment.kept.reclosures >= rule.attempts) return "attempts-used";
  return due(moment, earliest(moment, rule)) ? undefined : "too-early";
}

function ruleOf({ kept, protection: { setting } }: Moment): RecloseRule {
  return setting.reclose[kept.openedBy ?? "command"];
}

/** After opening, after the return of voltage, and after the condition that opened has gone. */
function earliest({ kept, running, protection: { setting } }: Moment, { afterSeconds }: RecloseRule): number {
  let from = Math.max(kept.openedAt, running.fault.aliveSince);
  for (const [index, condition] of setting.conditions.entries()) {
    const watched = running.conditions[index];
    if (condition.kind === kept.openedBy && watched) from = Math.max(from, watched.active ? Infinity : watched.goneAt);
  }
  return from + afterSeconds;
}
