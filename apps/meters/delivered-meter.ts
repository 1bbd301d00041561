import { toHex } from "@metersmith/base/bytes";
import { titleOf, type PoweredMeter } from "./powered-meter.ts";
import type { AsBuiltMeter, StreetState } from "./state/street-state.ts";

/**
 * A meter as its maker delivers it: the as-built record of this demonstration. In a real order these passwords come from the
 * manufacturing system, sealed; here the street makes them at its first run and hands them over.
 */
export interface DeliveredMeter {
  /** MANUFACTURER of table 1. */
  readonly manufacturer: string;
  readonly serial: string;
  readonly deviceType: string;
  readonly host: string;
  readonly port: number;
  /** 20 octets, hexadecimal: what a head-end needs to program it. */
  readonly programmingPassword: string;
  /** Every level by its name (`reader`, `programmer`, `master`), 20 octets each, hexadecimal. */
  readonly passwords: Readonly<Record<string, string>>;
  readonly c1222: DeliveredC1222;
  /** Where it has the configuration interface. */
  readonly httpsPort?: number;
}

/** What a head-end needs to reach it over C12.22. TCP is at the same port as C12.18. */
export interface DeliveredC1222 {
  /** Application title, relative to the network's base. */
  readonly title: string;
  readonly udpPort: number;
  /** Where the street answers over IPv6 too. */
  readonly ipv6?: { readonly host: string; readonly port: number; readonly udpPort: number };
  /** The last one is in use; the others open until `until`, milliseconds since 1970. `key`: 16 octets, hexadecimal. */
  readonly keys: readonly { readonly id: number; readonly key: string; readonly until?: number }[];
}

/** MANUFACTURER of table 1 in the demonstration types. */
export const manufacturer = "MSMT";
const programmingLevel = "programmer";

export function deliveryOf({ built, model, ipv4, ipv6, door }: PoweredMeter, state: StreetState): DeliveredMeter {
  const { serial, deviceType } = built;
  const passwords = Object.fromEntries(model.levels.map((level, index) => [level, toHex(built.passwords[index] ?? new Uint8Array())]));
  const c1222 = {
    title: titleOf(serial),
    udpPort: ipv4.udpPort,
    ...(ipv6 ? { ipv6: { host: ipv6.host, port: ipv6.port, udpPort: ipv6.udpPort } } : {}),
    keys: keysOf(built, state),
  };
  return { manufacturer, serial, deviceType, host: ipv4.host, port: ipv4.port, programmingPassword: passwords[programmingLevel] ?? "", passwords, c1222, ...(door ? { httpsPort: door.port } : {}) };
}

export function keysOf({ position }: AsBuiltMeter, state: StreetState): DeliveredC1222["keys"] {
  return state.keys.of(position).map(({ key, ...rest }) => ({ ...rest, key: toHex(key) }));
}
