import { canMove } from "./energy-store.ts";
import { highest } from "./line-state.ts";
import { due, instant, keep, note, type Moment } from "./moment.ts";
import type { OpeningReason } from "./protection-setting.ts";

/** A switch that has not said that it moved by then did not; the next movement waits for the drive to cool. Ours. */
const patience = 3;
const restSeconds = 60;

/**
 * Opens now if the switch may: closed and at rest, the current within its rated breaking current, energy in the store. What asks for opening asks again at each
 * instant as long as its reason stands.
 */
export function tryToOpen(moment: Moment, reason: OpeningReason): boolean {
  const { hardware, running, protection: { rating } } = moment;
  if (!hardware.closed || running.moving !== null || !due(moment, running.restsUntil)) return false;
  if (highest(hardware.line.amperes) > rating.breakingAmperes || !canMove(hardware.joules, rating)) return false;
  keep(moment, { openedBy: reason, openedAt: hardware.at, armed: false });
  move(moment, "open");
  return true;
}

/** Closes now; whether it may is for the caller to know, apart from energy. */
export function tryToClose(moment: Moment): boolean {
  const { hardware, running, protection: { rating } } = moment;
  if (hardware.closed || running.moving !== null || !due(moment, running.restsUntil) || !canMove(hardware.joules, rating)) return false;
  move(moment, "closed");
  return true;
}

/** The switch's contact reports. It may do so unasked: somebody moved it by hand. */
export function switchReported(moment: Moment, closed: boolean): void {
  const { hardware, running } = moment;
  if (hardware.closed === closed) return;
  hardware.closed = closed;
  running.moving = null;
  running.toldAboveRating = false;
  if (closed) {
    running.closedSince = hardware.at;
    keep(moment, { openedBy: null, armed: false });
    note(moment, "closed");
  } else {
    const reason = moment.kept.openedBy ?? "command";
    if (reason === "command") running.openingOrdered = false;
    note(moment, "opened", { reason });
  }
}

export function settleMovement(moment: Moment): void {
  const { hardware, running } = moment;
  if (running.moving === null || !due(moment, running.moving.failsAt)) return;
  const failed = running.moving.to;
  running.moving = null;
  running.restsUntil = hardware.at + restSeconds;
  if (failed === "open") keep(moment, { openedBy: null });
  note(moment, failed === "open" ? "open-failed" : "close-failed");
}

export function nextOfMovement({ hardware, running }: Moment): number {
  if (running.moving) return running.moving.failsAt;
  return running.restsUntil > hardware.at + instant ? running.restsUntil : Infinity;
}

function move(moment: Moment, to: "open" | "closed"): void {
  const { hardware, running, protection: { rating } } = moment;
  hardware.joules -= rating.store.movingJoules;
  running.moving = { to, failsAt: hardware.at + patience * rating.operatingSeconds };
  moment.effects.push({ kind: "move", to });
}
