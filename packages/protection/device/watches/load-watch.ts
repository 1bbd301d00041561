import { highest } from "../line-state.ts";
import { due, note, type Moment } from "../moment.ts";
import { tryToOpen } from "../switch-drive.ts";

/** Load limiting: above the limit for a while reduces, still above it after that disconnects. */
export function settleLoad(moment: Moment): void {
  const { hardware, running, protection: { setting: { limit } } } = moment;
  if (!limit) return;
  const { at } = hardware;
  const over = hardware.closed && highest(hardware.line.amperes) > limit.amperes;
  const overSince = over ? (running.limit.overSince ?? at) : null;
  const underSince = over ? null : (running.limit.underSince ?? at);
  let { reducedAt } = running.limit;
  if (reducedAt === null && overSince !== null && due(moment, overSince + limit.seconds)) {
    reducedAt = at;
    note(moment, "reducing", { amperes: highest(hardware.line.amperes) });
  } else if (reducedAt !== null && underSince !== null && due(moment, underSince + limit.releaseSeconds)) {
    reducedAt = null;
    note(moment, "reducing-ended");
  }
  running.limit = { overSince, underSince, reducedAt };
  if (reducedAt !== null && overSince !== null && due(moment, Math.max(overSince, reducedAt) + limit.graceSeconds)) tryToOpen(moment, "load-limit");
}

export function nextOfLoad({ running: { limit: { overSince, underSince, reducedAt } }, protection: { setting: { limit } } }: Moment): number {
  if (!limit) return Infinity;
  if (overSince !== null) return reducedAt === null ? overSince + limit.seconds : Math.max(overSince, reducedAt) + limit.graceSeconds;
  return reducedAt === null || underSince === null ? Infinity : underSince + limit.releaseSeconds;
}
