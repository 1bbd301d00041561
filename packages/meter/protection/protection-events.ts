import { openingReasons, type OpeningReason, type ProtectionEffect } from "@metersmith/protection";
import type { EventBudget, MeterEvent } from "../events/event-kind.ts";

const urgent: EventBudget = { atOnce: 4, most: 6 };
const common: EventBudget = { atOnce: 4, most: 8 };
const low: EventBudget = { atOnce: 2, most: 5 };

/** What the service switch and its protection log. Codes are the maker's (ours), and so is which is of which class; safety and service are reported at once. */
export const switchEvent = {
  /** As the utility ordered. */
  openedByOrder: { code: 16, manufacturer: true, ...common },
  /** The detail is the reason's number (OPENING_REASON). */
  openedToProtect: { code: 17, manufacturer: true, class: "service", ...urgent },
  closed: { code: 18, manufacturer: true, ...common },
  openFailed: { code: 19, manufacturer: true, class: "safety", ...urgent },
  closeFailed: { code: 20, manufacturer: true, class: "service", ...urgent },
  /** An element has operated at a current that the switch may not break; the detail is in amperes. */
  aboveRating: { code: 21, manufacturer: true, class: "safety", ...urgent },
  faultCounted: { code: 22, manufacturer: true, ...common },
  /** It was to open in the dead time and could not: detail 1 too late, 2 without energy. */
  sectionalizingMissed: { code: 23, manufacturer: true, class: "safety", ...urgent },
  /** The detail is in amperes. */
  reducing: { code: 24, manufacturer: true, class: "customer", ...low },
  reducingEnded: { code: 25, manufacturer: true, ...low },
  highVoltage: { code: 26, manufacturer: true, class: "safety", ...urgent },
  lowVoltage: { code: 27, manufacturer: true, class: "customer", ...low },
  highTemperature: { code: 28, manufacturer: true, class: "safety", ...urgent },
  conditionEnded: { code: 29, manufacturer: true, ...low },
} as const satisfies Record<string, MeterEvent>;

type ProtectionEvent = Extract<ProtectionEffect, { kind: "event" }>;
type Plain = Exclude<ProtectionEvent["name"], "opened" | "started" | "died" | "sectionalizing-too-late" | "sectionalizing-without-energy">;

const plain: Readonly<Record<Plain, MeterEvent>> = {
  closed: switchEvent.closed, "open-failed": switchEvent.openFailed, "close-failed": switchEvent.closeFailed, "overcurrent-above-rating": switchEvent.aboveRating,
  "fault-counted": switchEvent.faultCounted, reducing: switchEvent.reducing, "reducing-ended": switchEvent.reducingEnded, "high-voltage": switchEvent.highVoltage,
  "low-voltage": switchEvent.lowVoltage, "high-temperature": switchEvent.highTemperature, "condition-ended": switchEvent.conditionEnded,
};

/** Number of a reason in tables and events: 0 for none. */
export function reasonNumber(reason: OpeningReason | null): number {
  return reason === null ? 0 : openingReasons.indexOf(reason) + 1;
}

/** The event of the log and its detail; undefined for what the log has already: power that went and came. */
export function loggedAs({ name, reason = "command", amperes = 0 }: ProtectionEvent): { readonly event: MeterEvent; readonly detail: number } | undefined {
  if (name === "started" || name === "died") return undefined;
  if (name === "opened") return { event: reason === "command" ? switchEvent.openedByOrder : switchEvent.openedToProtect, detail: reasonNumber(reason) };
  if (name === "sectionalizing-too-late" || name === "sectionalizing-without-energy") return { event: switchEvent.sectionalizingMissed, detail: name === "sectionalizing-too-late" ? 1 : 2 };
  return { event: plain[name], detail: Math.min(Math.round(amperes), 0xffff) };
}
