import { isPlainText } from "@metersmith/base/plain-text";
import { z } from "zod";
import { calendarView } from "../../authoring/api/contract.ts";

export const sessionState = z.enum(["waiting", "running", "verified", "read", "refused", "failed"]);

/** One bit-exact difference or change, named by table and field. */
export const fieldChange = z.object({
  table: z.number().int(),
  path: z.string(),
  offset: z.number().int(),
  before: z.string(),
  after: z.string(),
});

/** One visit to one meter: what was asked, what happened, what is known for certain afterwards. */
export const session = z.object({
  id: z.uuid(),
  meterId: z.uuid(),
  serial: z.string(),
  kind: z.enum(["program", "read"]),
  program: z.object({ id: z.uuid(), code: z.string(), version: z.number().int(), digest: z.string() }).nullable(),
  state: sessionState,
  /** What a waiting session waits for, in the field's words. */
  waitsFor: z.string().nullable(),
  progress: z.object({ step: z.string(), done: z.number(), total: z.number() }).nullable(),
  requestedAt: z.iso.datetime(),
  requestedBy: z.string(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  /** Why it was refused or failed, and what to do next. */
  reason: z.string().nullable(),
});
export type Session = z.infer<typeof session>;

export const sessionDetail = session.extend({
  steps: z.array(z.object({ at: z.iso.datetime(), text: z.string() })),
  changes: z.array(fieldChange),
  /** Octets that the meter acknowledged, by table and offset. */
  written: z.array(z.object({ table: z.number().int(), offset: z.number().int(), octets: z.number().int(), state: z.enum(["acknowledged", "in doubt"]) })),
  mismatches: z.array(fieldChange),
  /** Live state read after writing: mode, flags, clock error, tier, season. */
  liveState: z.array(z.object({ name: z.string(), value: z.string(), expected: z.string().nullable(), ok: z.boolean() })),
  readBack: z.array(z.object({ table: z.number().int(), name: z.string(), octets: z.number().int(), digest: z.string() })),
});
export type SessionDetail = z.infer<typeof sessionDetail>;

/** What ran on a meter from when to when, and how that is known (MFG-5). */
export const association = z.object({
  id: z.uuid(),
  meterId: z.uuid(),
  serial: z.string(),
  program: z.object({ id: z.uuid(), code: z.string(), version: z.number().int(), name: z.string(), digest: z.string() }),
  from: z.iso.datetime(),
  to: z.iso.datetime().nullable(),
  knownBy: z.enum(["built", "field tool", "over the air", "read back"]),
  by: z.string(),
  sessionId: z.uuid(),
});
export type Association = z.infer<typeof association>;

/** The calendar that a meter really holds, decoded from the tables read back from it. */
export const meterCalendar = calendarView.extend({
  meterId: z.uuid(),
  readAt: z.iso.datetime(),
  /** Digest of table 54 as read back. */
  tableDigest: z.string(),
});
export type MeterCalendar = z.infer<typeof meterCalendar>;

/** Why it is asked for, where who asks says so; it goes on record with the action. */
const reason = z.string().trim().min(1).max(500).refine(isPlainText, "text without control characters").optional();

export const requestProgram = z.object({ program: z.uuid(), reason });
export const requestRead = z.object({ reason }).optional();
