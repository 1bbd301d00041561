import type { Configuration } from "../configuration/configuration.ts";
import type { CivilSeconds } from "../time/civil-date.ts";
import type { MeasuredState } from "./measured-state.ts";
import { head, mostParts, ofDemand, ofWindow } from "./register-layout.ts";
import type { DemandWindow } from "./quantity.ts";

/** Demand and coincident values begin their windows anew: nothing of what was drawn until now counts for them. */
export function restartWindows(state: MeasuredState): void {
  const { layout } = state;
  state.cells.fill(0, layout.underWay, layout.window(layout.demands + layout.coincidents));
}

/**
 * There was no power from `since` until `until`, host seconds. An outage that table 13 recognizes excludes demand for the time that it says. In any case an interval that
 * the outage outlived counts for nothing; one that it did not goes on.
 */
export function afterOutage(state: MeasuredState, outage: { readonly since: number; readonly until: number }, { demands, coincidents, exclusions }: Configuration, utcAt: (host: number) => number): void {
  const { since, until } = outage;
  const recognized = exclusions.outageMinutes > 0 && until - since >= exclusions.recognitionSeconds;
  if (recognized) {
    state.set(head.excludedUntil, until + exclusions.outageMinutes * 60);
    restartWindows(state);
    return;
  }
  for (const [index, demand] of demands.entries()) {
    const seconds = (demand?.window?.minutes ?? 0) * 60;
    if (seconds === 0 || Math.floor(utcAt(since) / seconds) === Math.floor(utcAt(until) / seconds)) continue;
    restartWindow(state, index);
    for (const [place, coincident] of coincidents.entries()) if (coincident.demand === index) restartWindow(state, state.layout.demands + place);
  }
}

function restartWindow(state: MeasuredState, index: number): void {
  state.cells.fill(0, state.layout.window(index), state.layout.window(index + 1));
}

/** A step ended at `utc` (by the meter's clock; `host` by the world's): values whose intervals ended are held against the registers of the total and of the tier. */
export function endWindows(state: MeasuredState, configuration: Configuration, utc: number, host: number, tier: number, clock: CivilSeconds): boolean {
  let ended = false;
  for (let index = 0; index < state.layout.demands; index++) {
    const window = configuration.demands[index]?.window;
    if (!window || window.minutes === 0 || utc % (window.minutes * 60) !== 0) continue;
    ended = true;
    const excluded = host - window.minutes * 60 < state.get(head.excludedUntil);
    const value = closeInterval(state, index, window, excluded);
    const coincidents = configuration.coincidents.map(({ demand }, place) => (demand === index ? closeInterval(state, state.layout.demands + place, window, excluded) : Number.NaN));
    if (excluded) continue;
    const whole = state.get(state.layout.window(index) + ofWindow.count) >= window.parts;
    for (const block of [state.layout.block(0), state.layout.block(1 + tier)]) {
      if (block < state.layout.underWay && surpasses(state, block, index, value, configuration.keepsLowest[index] === true, whole)) put(state, block, index, value, clock, coincidents);
    }
  }
  return ended;
}

/** The mean over the window that ends now, in counts an hour; the interval under way begins anew. */
function closeInterval(state: MeasuredState, index: number, { minutes, parts }: DemandWindow, excluded: boolean): number {
  const at = state.layout.window(index);
  const held = Math.min(parts, mostParts);
  const drawn = excluded ? 0 : state.get(at + ofWindow.drawn);
  const count = excluded ? 0 : state.get(at + ofWindow.count) + 1;
  state.set(at + ofWindow.parts + (count % held), drawn);
  state.set(at + ofWindow.drawn, 0);
  state.set(at + ofWindow.count, count);
  if (excluded) state.cells.fill(0, at + ofWindow.parts, at + ofWindow.parts + mostParts);
  let sum = 0;
  for (let part = 0; part < held; part++) sum += state.get(at + ofWindow.parts + part);
  return (sum * 60) / (minutes * held);
}

/** The highest counts from nought up, as soon as anything is drawn; the lowest only of whole windows. */
function surpasses(state: MeasuredState, block: number, index: number, value: number, lowest: boolean, whole: boolean): boolean {
  const at = state.layout.demand(block, index);
  if (!lowest) return value > state.get(at + ofDemand.value);
  return whole && (Number.isNaN(state.get(at + ofDemand.at)) || value < state.get(at + ofDemand.value));
}

function put(state: MeasuredState, block: number, index: number, value: number, clock: CivilSeconds, coincidents: readonly number[]): void {
  const at = state.layout.demand(block, index);
  state.set(at + ofDemand.value, value);
  state.set(at + ofDemand.at, clock);
  for (const [place, coincident] of coincidents.entries()) if (!Number.isNaN(coincident)) state.set(state.layout.coincident(block, place), coincident);
}
