import { diagnostics } from "../diagnostics/diagnostic-list.ts";
import { meterEvent, type MeterEvent } from "./event-kind.ts";

/** Every kind of event that this meter can log. */
export const everyEvent: readonly MeterEvent[] = [...Object.values<MeterEvent>(meterEvent), ...diagnostics.map(({ event }) => event)];

/** Places that table 76 needs so that every entry stays for 45 days. */
export const logPlacesNeeded = everyEvent.reduce((sum, { most }) => sum + most, 0);
