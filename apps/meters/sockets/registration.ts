import type { DatagramAddress } from "@metersmith/base/datagrams";
import type { Log } from "@metersmith/base/log";
import { systemClock } from "@metersmith/node/system-clock";
import { systemRandom } from "@metersmith/node/system-random";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openUdp } from "@metersmith/node/udp-datagrams";
import {
  apTitle, keepRegistered, openC1222Client, overDatagrams, overStream,
  type ApduCarrier, type ApTitle, type KeyRing, type RegisteredNode, type SecurityMode,
} from "@metersmith/psem";

/** The C12.22 node that a street's meters register with. */
export interface RegistrarPlace {
  readonly host: string;
  readonly port: number;
  readonly transport: "tcp" | "udp";
  /** Its title, where it wants to be called by it. */
  readonly called?: string;
  /** How registrations are protected, each under its meter's own key. */
  readonly mode: SecurityMode;
}

export interface RegisteringMeter {
  readonly serial: string;
  readonly title: ApTitle;
  readonly keys: KeyRing;
  /** Four octets: DEVICE_CLASS of its table 0. */
  readonly deviceClass: Uint8Array;
  /** Where it answers: IPv4. */
  readonly place: DatagramAddress;
  readonly hearsGroups: boolean;
}

/** Bits of node type and connection type. Source: docs/reference/c1222.md 7. */
const [endDevice, everyConnection, multicast] = [0x20, 0xf0, 0x01];
/** Seconds asked for; the registrar may grant less. */
const period = 3600;
/** A registrar on the same network answers at once, or not at all; a street that stops waits for it no longer. */
const patience = { timeout: 500, attempts: 2 };

/** Keeps one meter registered for as long as the street runs. */
export function registerMeter(meter: RegisteringMeter, registrar: RegistrarPlace, log: Log): RegisteredNode {
  const { serial, title, keys, deviceClass, place, hearsGroups } = meter;
  const security = registrar.mode === 0 ? {} : { security: { mode: registrar.mode, keys } };
  const called = registrar.called === undefined ? {} : { called: apTitle(registrar.called) };
  const open = async () => openC1222Client(await carrierTo(registrar, place.host), systemClock, systemRandom, { calling: title, ...called, ...security, ...patience });
  const registration = {
    nodeType: endDevice,
    connectionType: everyConnection | (hearsGroups ? multicast : 0),
    deviceClass,
    title,
    serialNumber: serialIdentifier(serial),
    nativeAddress: nativeAddress(place),
    period,
  };
  return keepRegistered(open, systemClock, registration, {
    onFailed: (error) => log.warn("a meter is not registered", { serial, error }),
    onRegistered: (granted) => log.info("a meter is registered", { serial, seconds: granted.period }),
  });
}

async function carrierTo({ host, port, transport }: RegistrarPlace, from: string): Promise<ApduCarrier> {
  if (transport === "tcp") return overStream(await connectTcp(host, port), systemClock, { name: `${host}:${port}` });
  return overDatagrams(await openUdp(host.includes(":") ? { host: "::" } : { host: from }), systemClock, { peer: { host, port } });
}

/** Four octets and the port. Source: RFC 6142. */
function nativeAddress({ host, port }: DatagramAddress): Uint8Array {
  return Uint8Array.of(...host.split(".").map(Number), port >> 8, port & 0xff);
}

/** A serial number as the identifier that a registration wants: the codes of its characters. Ours. */
function serialIdentifier(serial: string): ApTitle {
  return apTitle(`.${Array.from(serial, (character) => character.charCodeAt(0)).join(".")}`);
}
