import { diagnostics } from "../diagnostics/diagnostic-list.ts";
import type { MeterContext } from "@metersmith/tables";
import { switchEvent } from "../protection/protection-events.ts";
import { protectionTable } from "../protection/protection-tables.ts";
import { meterEvent, type MeterEvent } from "./event-kind.ts";

const ofEveryMeter: readonly MeterEvent[] = [...Object.values<MeterEvent>(meterEvent), ...diagnostics.map(({ event }) => event)];

/** Every kind of event that a meter can log; those of the switch only where it has one. */
export const everyEvent: readonly MeterEvent[] = [...ofEveryMeter, ...Object.values<MeterEvent>(switchEvent)];

/** Those that a meter of this model can log. */
export function eventsOf(context: MeterContext): readonly MeterEvent[] {
  return context.has(protectionTable.rating) ? everyEvent : ofEveryMeter;
}

/** Places that table 76 needs so that every entry stays for 45 days. */
export function logPlacesNeededBy(context: MeterContext): number {
  return eventsOf(context).reduce((sum, { most }) => sum + most, 0);
}
