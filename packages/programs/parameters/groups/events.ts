import { z } from "zod";

/** Events by name: those of the standard that open sources confirm, and those that meters of ours add. A device type says which code of its own is which. */
export const eventNames = [
  "power-down", "power-up", "clock-changed-from", "clock-changed-to", "programmed", "session-broken", "list-reset", "list-updated", "log-cleared", "log-updated", "demand-reset",
  "program-checksum", "data-memory", "nonvolatile-memory", "firmware-update", "firmware-execution", "time-source", "metrology-reference", "battery", "socket-phases", "socket-voltage",
  "socket-rotation", "tamper", "reverse-energy", "home-device", "head-end", "wrong-password", "locked-out", "record-torn", "passed-again", "metrology-checked",
  "switch-opened-by-order", "switch-opened-to-protect", "switch-closed", "switch-open-failed", "switch-close-failed", "overcurrent-above-rating", "fault-counted", "sectionalizing-missed",
  "load-reducing", "load-reducing-ended", "high-voltage", "low-voltage", "high-temperature", "condition-ended",
] as const;

const names = z.array(z.enum(eventNames)).max(eventNames.length);

export const eventsSchema = z.strictObject({
  /** The events that are logged, and no others. */
  logged: names,
  /** Alarms: those that are also reported at once. */
  reportedAtOnce: names.optional(),
});

export type EventName = (typeof eventNames)[number];
