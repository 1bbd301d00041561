import type { Kysely } from "kysely";
import { z } from "zod";

export const meter = z.object({
  id: z.uuid(),
  manufacturer: z.string(),
  serial: z.string(),
  deviceType: z.string(),
  /** Where and how the meter answers, e.g. `tcp:127.20.0.3:1153`. */
  address: z.string(),
  servicePoint: z.string().nullable(),
  registeredAt: z.iso.datetime(),
  /** When a session with it last ended well, and what it then said of itself. */
  lastSeenAt: z.iso.datetime().nullable(),
});
export type Meter = z.infer<typeof meter>;

export const registerMeters = z.object({
  meters: z
    .array(
      z.object({
        manufacturer: z.string().min(1).max(4),
        serial: z.string().min(1).max(16),
        deviceType: z.string().min(1).max(40),
        address: z.string().regex(/^tcp:[0-9a-z.:[\]-]+:\d{1,5}$/i, "tcp:host:port"),
        servicePoint: z.string().max(40).optional(),
        /** The meter's programming password, hexadecimal, 20 octets; kept sealed. */
        programmingPassword: z.string().regex(/^[0-9a-f]{40}$/),
      }),
    )
    .min(1)
    .max(1000),
});
export type RegisterMeters = z.infer<typeof registerMeters>;

/** How to reach a meter, for the modules that hold sessions with it. `key` is the database's own key. */
export interface MeterLink {
  readonly key: string;
  readonly id: string;
  readonly serial: string;
  readonly manufacturer: string;
  readonly deviceType: string;
  readonly host: string;
  readonly port: number;
  /** 20 octets. */
  readonly programmingPassword: Uint8Array;
}

/** What the registry offers to other modules of its site, inside their transactions. */
export interface MeterDirectory {
  link(db: Kysely<unknown>, meterId: string): Promise<MeterLink | undefined>;
  seen(db: Kysely<unknown>, meterId: string, at: Date): Promise<void>;
}
