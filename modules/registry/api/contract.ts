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
  /** When a session last read it. */
  lastSeenAt: z.iso.datetime().nullable(),
});
export type Meter = z.infer<typeof meter>;

/** As tables 1 and 5 hold it: visible ASCII, no spaces at the ends. */
const printable = (longest: number) => z.string().max(longest).regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, "expected visible ASCII characters");

/** Host (name, IPv4, or IPv6 in brackets) and port of `tcp:host:port`; undefined where it is none. */
export function hostAndPort(address: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^tcp:(?:\[([0-9a-f:.]+)\]|([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)):(\d{1,5})$/i.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return match?.[1] === undefined || URL.canParse(`tcp://[${host}]`) ? { host, port } : undefined;
}

export const registerMeters = z.object({
  meters: z
    .array(
      z.object({
        manufacturer: printable(4),
        serial: printable(16),
        deviceType: printable(40),
        address: z.string().max(300).refine((text) => hostAndPort(text) !== undefined, "expected tcp:host:port"),
        servicePoint: printable(40).optional(),
        /** The meter's programming password, hexadecimal, 20 octets; kept sealed. */
        programmingPassword: z.string().regex(/^[0-9a-f]{40}$/),
      }),
    )
    .min(1)
    .max(1000)
    .refine((meters) => new Set(meters.map(({ manufacturer, serial }) => `${manufacturer} ${serial}`)).size === meters.length, "a meter stands in the list twice"),
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
