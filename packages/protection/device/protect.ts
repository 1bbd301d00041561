import { nextOfConditions, settleConditions } from "./watches/condition-watch.ts";
import { isDead, joulesAfter, untilStoreMatters } from "./energy-store.ts";
import { nextOfFaults, settleFaults } from "./watches/fault-watch.ts";
import { nextOfLoad, settleLoad } from "./watches/load-watch.ts";
import { instant, note, type Moment } from "./moment.ts";
import { nextOfOvercurrent, settleOvercurrent, turnDisks } from "./watches/overcurrent-watch.ts";
import type { ProtectionEffect, ProtectionInput } from "./protection-effect.ts";
import { freshRunning, type Hardware, type Protection, type ProtectionState } from "./protection-state.ts";
import { buttonPressed, nextOfReclosing, ordered, settleReclosing } from "./reclosing.ts";
import { nextOfMovement, settleMovement, switchReported } from "./switch-drive.ts";

export interface Protected {
  readonly state: ProtectionState;
  readonly effects: readonly ProtectionEffect[];
  /** When something happens by itself if nothing comes before: send `time` then. Infinity: never. */
  readonly wakeAt: number;
}

/**
 * A meter's protection: what the line, the switch and people do, and time. Brings the state up to `now` on the line as it was, exactly for constant currents
 * however long the step, then takes the input. Never throws; `now` before the state's own time counts as that time.
 */
export function protect(protection: Protection, state: ProtectionState, input: ProtectionInput, now: number): Protected {
  const effects: ProtectionEffect[] = [];
  let current = state;
  for (;;) {
    const until = Math.min(now, nextInstant(protection, current));
    const step = Math.max(0, until - current.hardware.at);
    const reached = until >= now - instant;
    current = at(protection, current, reached ? Math.max(now, current.hardware.at) : until, step, reached ? input : { kind: "time" }, effects);
    if (reached) return { state: current, effects, wakeAt: nextInstant(protection, current) };
  }
}

/** One instant: the line that was acts for `step` seconds, the input comes, the rules settle. */
function at(protection: Protection, state: ProtectionState, now: number, step: number, input: ProtectionInput, effects: ProtectionEffect[]): ProtectionState {
  const hardware = { ...state.hardware, at: now, joules: joulesAfter(state.hardware.joules, state.hardware.line, protection.rating, step) };
  const moment: Moment | undefined = state.running ? { protection, hardware, running: { ...state.running }, kept: state.kept, effects } : undefined;
  if (moment && step > 0) turnDisks(moment, step);
  if (input.kind === "line") hardware.line = input.line;
  const lives = !isDead(hardware.line, protection.rating) || hardware.joules > instant;
  if (!moment) return lives && !isDead(hardware.line, protection.rating) ? started(protection, state, hardware, input, effects) : { ...state, hardware: moved(hardware, input) };
  if (!lives) {
    note(moment, "died");
    if (moment.running.reducing) effects.push({ kind: "reduce", on: false });
    return { hardware: moved(hardware, input), kept: moment.kept, running: null };
  }
  const ready = now >= moment.running.readyAt - instant;
  if (input.kind === "switch") switchReported(moment, input.closed);
  if (ready && input.kind === "order") ordered(moment, input.order);
  if (ready && input.kind === "button") buttonPressed(moment);
  if (ready) settle(moment);
  return { hardware: moment.hardware, kept: moment.kept, running: moment.running };
}

function settle(moment: Moment): void {
  settleMovement(moment);
  settleFaults(moment);
  settleOvercurrent(moment);
  settleLoad(moment);
  settleConditions(moment);
  settleReclosing(moment);
  const { running, protection: { setting } } = moment;
  const reducing = running.limit.reducedAt !== null || setting.conditions.some((condition, index) => condition.action === "reduce" && running.conditions[index]?.active);
  if (reducing !== running.reducing) moment.effects.push({ kind: "reduce", on: reducing });
  running.reducing = reducing;
}

function nextInstant(protection: Protection, { hardware, kept, running }: ProtectionState): number {
  if (!running) return Infinity;
  const energy = hardware.at + untilStoreMatters(hardware.joules, hardware.line, protection.rating);
  if (hardware.at < running.readyAt - instant) return Math.min(energy, running.readyAt);
  const moment: Moment = { protection, hardware, kept, running, effects: [] };
  let next = Infinity;
  for (const candidate of [energy, ...watches.map((nextOf) => nextOf(moment))]) {
    // What was due and could not be done waits for another input, not for the same instant again.
    if (candidate > hardware.at + instant) next = Math.min(next, candidate);
  }
  return next;
}

const watches = [nextOfMovement, nextOfFaults, nextOfOvercurrent, nextOfLoad, nextOfConditions, nextOfReclosing] as const;

/** The latching switch ends its movement without the board. */
function moved(hardware: Hardware, input: ProtectionInput): Hardware {
  return input.kind === "switch" ? { ...hardware, closed: input.closed } : hardware;
}

function started(protection: Protection, state: ProtectionState, hardware: Hardware, input: ProtectionInput, effects: ProtectionEffect[]): ProtectionState {
  effects.push({ kind: "event", name: "started", at: hardware.at });
  const reached = moved(hardware, input);
  // Power went after the reason was written and before the switch moved: nothing was opened.
  const interrupted = reached.closed && state.kept.openedBy !== null;
  if (interrupted) effects.push({ kind: "keep" });
  return { hardware: reached, kept: interrupted ? { ...state.kept, openedBy: null } : state.kept, running: freshRunning(protection, hardware.at) };
}
