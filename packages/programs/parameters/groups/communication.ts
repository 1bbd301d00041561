import { z } from "zod";
import { measure } from "./measure.ts";

/** The link to the head-end, as the meter watches it. */
export const communicationSchema = z.strictObject({
  /** Failed attempts in a row that make a link a failed one. */
  linkFailures: measure({ unit: "attempts", least: 1, most: 255 }),
  /** A report that nobody acknowledges is sent again after so long. */
  reportRetrySeconds: measure({ unit: "seconds", least: 10, most: 600 }),
});

/** The optical port. */
export const localPortSchema = z.strictObject({
  /** Wrong passwords in a row until the port locks, and for how long. */
  wrongPasswords: measure({ unit: "attempts", least: 1, most: 255 }),
  lockoutMinutes: measure({ unit: "minutes", least: 1, most: 1440 }),
  /** A session in which nothing is said ends. */
  idleSeconds: measure({ unit: "seconds", least: 1, most: 255 }),
  /** Whether programs may be written over it at all. */
  programming: z.boolean(),
});

/** Whose meter it is, as the meter itself says it. */
export const identificationSchema = z.strictObject({
  owner: z.string().min(1).max(20).optional(),
  division: z.string().min(1).max(20).optional(),
});
