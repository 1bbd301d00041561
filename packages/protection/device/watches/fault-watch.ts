import { canMove, isDead } from "../energy-store.ts";
import { highest } from "../line-state.ts";
import { due, instant, keep, note, type Moment } from "../moment.ts";
import { tryToOpen } from "../switch-drive.ts";
import type { FaultWatch } from "../protection-state.ts";

/**
 * Sectionalizing: counts fault current that was followed by lost voltage, and opens without current while the recloser upstream is open. Fault current that ends
 * with the voltage still there was cleared downstream; voltage lost without a fault current before it was lost for somebody else's fault, and the current that
 * returns with it is inrush.
 */
export function settleFaults(moment: Moment): void {
  const { hardware, running, kept, protection: { rating, setting: { sectionalize } } } = moment;
  const { at, line } = hardware;
  const dead = isDead(line, rating);
  const watch: Writable = { ...running.fault };
  running.fault = watch;
  if (watch.dead && !dead) voltageReturned(moment, watch);
  watch.dead = dead;
  if (!sectionalize || !hardware.closed) {
    Object.assign(watch, nothingSeen);
    return;
  }

  const level = sectionalize.actuatingAmperes * (due(moment, watch.restrainedUntil) ? 1 : sectionalize.inrush.factor);
  const amperes = highest(line.amperes);
  if (amperes > level) watch.aboveSince ??= at;
  else if (watch.aboveSince !== null) {
    if (due(moment, watch.aboveSince + sectionalize.sensingSeconds)) watch.endedAt = at;
    watch.aboveSince = null;
  }
  const interrupted = dead && amperes <= rating.zeroAmperes;
  if (watch.endedAt !== null && interrupted) {
    const faultCount = kept.faultCount + 1;
    watch.endedAt = null;
    watch.countedAt = at;
    if (faultCount >= sectionalize.shots) watch.openAt = at + sectionalize.confirmSeconds;
    keep(moment, { faultCount });
    note(moment, "fault-counted");
  } else if (watch.endedAt !== null && due(moment, watch.endedAt + sectionalize.windowSeconds)) watch.endedAt = null;

  if (watch.openAt !== null) {
    if (!interrupted) {
      watch.openAt = null;
      note(moment, "sectionalizing-too-late");
    } else if (due(moment, watch.openAt)) openInDeadTime(moment, watch, sectionalize.deadTimeSeconds);
  }
  if (moment.kept.faultCount > 0 && !dead && watch.aboveSince === null && due(moment, watch.aliveSince + sectionalize.resetSeconds)) keep(moment, { faultCount: 0 });
}

export function nextOfFaults({ hardware, running: { fault }, kept, protection: { setting: { sectionalize } } }: Moment): number {
  if (!sectionalize || !hardware.closed) return Infinity;
  return Math.min(
    fault.restrainedUntil > hardware.at + instant ? fault.restrainedUntil : Infinity,
    fault.endedAt === null ? Infinity : fault.endedAt + sectionalize.windowSeconds,
    fault.openAt ?? Infinity,
    kept.faultCount > 0 && !fault.dead ? fault.aliveSince + sectionalize.resetSeconds : Infinity,
  );
}

type Writable = { -readonly [Field in keyof FaultWatch]: FaultWatch[Field] };

const nothingSeen = { aboveSince: null, endedAt: null, countedAt: null, openAt: null } as const;

function voltageReturned({ hardware, protection: { setting: { sectionalize } } }: Moment, watch: Writable): void {
  watch.aliveSince = hardware.at;
  if (watch.countedAt === null) watch.restrainedUntil = hardware.at + (sectionalize?.inrush.seconds ?? 0);
  watch.countedAt = null;
}

/** The switch parts before the earliest reclosing, or is not told to: it would part on whatever current the reclosing brings. */
function openInDeadTime(moment: Moment, watch: Writable, deadTimeSeconds: number): void {
  const { hardware, protection: { rating } } = moment;
  watch.openAt = null;
  if (hardware.at + rating.operatingSeconds > (watch.countedAt ?? hardware.at) + deadTimeSeconds) note(moment, "sectionalizing-too-late");
  else if (!canMove(hardware.joules, rating)) note(moment, "sectionalizing-without-energy");
  else tryToOpen(moment, "fault");
}
