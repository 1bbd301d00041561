import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toHex } from "@metersmith/base/bytes";
import type { Log } from "@metersmith/base/log";
import type { Meter, MeterModel } from "@metersmith/meter";
import { workerRunner } from "@metersmith/node/firmware/worker-runner";
import { systemClock } from "@metersmith/node/system-clock";
import type { RegisteredNode } from "@metersmith/psem";
import { readDeviceModel } from "./device-models.ts";
import { loopbackAddress } from "./loopback-address.ts";
import { startMeasuringRounds } from "./measuring-rounds.ts";
import { powerUp, titleOf, type PoweredMeter, type PowerUp } from "./powered-meter.ts";
import { announcePresence, type Presence } from "./presence.ts";
import { carryReports } from "./reports/courier.ts";
import { reportMessage } from "./reports/report-message.ts";
import { openGroupEars, type GroupEars } from "./sockets/group-ears.ts";
import { registerMeter, type RegisteringMeter } from "./sockets/registration.ts";
import { openStreetState, type AsBuiltMeter, type StreetState } from "./state/street-state.ts";
import type { StreetConfig } from "./street-config.ts";
import { StreetError } from "./street-error.ts";

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

export interface Street {
  readonly meters: readonly DeliveredMeter[];
  /** UDP ports on which the groups asked for are heard, in their order. */
  readonly groupPorts: readonly number[];
  /**
   * Gives a meter a new C12.22 key at once, durable on return; the one so far opens for so many hours. Returns the keys that it holds now. Throws
   * `bad-configuration` for a serial number of no meter.
   */
  changeKey(serial: string, overlapHours: number): DeliveredC1222["keys"];
  stop(): Promise<void>;
}

const manufacturer = "MSMT";
const programmingLevel = "programmer";
const passwordLength = 20;
const keyLength = 16;
const hour = 3_600_000;
/** Octet of table 0 at which DEVICE_CLASS begins. */
const deviceClassAt = 3;

const deviceTypes = fileURLToPath(new URL("../../device-types", import.meta.url));

/** Every third meter is instrument-rated. */
function deviceTypeAt(position: number): string {
  return position % 3 === 2 ? "ix-4s" : "rx-2s";
}

/** A meter, and what it was made as. */
interface Standing {
  readonly built: AsBuiltMeter;
  readonly model: MeterModel;
  readonly host: string;
  readonly powered: PoweredMeter;
}

/** Powers up the meters, new ones made as they are needed, and listens. Everything that was opened is closed where it fails. */
export async function startStreet(config: StreetConfig, log: Log): Promise<Street> {
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const state = openStreetState(join(config.home, "street.sqlite"));
  const standing: Standing[] = [];
  const groups: GroupEars[] = [];
  const registered: RegisteredNode[] = [];
  const runner = workerRunner();
  const carried: (() => void)[] = [];
  let presence: Presence | undefined;
  let stopMeasuring = (): void => {};
  const stop = async (): Promise<void> => {
    stopMeasuring();
    for (const end of carried) end();
    await presence?.leave().catch((error: unknown) => log.warn("the street left without saying so", { error }));
    await Promise.all(registered.map((node) => node.leave()));
    for (const group of groups) group.close();
    await Promise.all(standing.map(({ powered }) => powered.switchOff()));
    await runner.stop();
    state.close();
  };
  try {
    for (const on of config.multicast ?? []) groups.push(await openGroupEars(on, config.udpPort ?? config.port));
    const models = new Map<string, MeterModel>();
    for (const built of asBuilt(state, config)) {
      const model = models.get(built.deviceType) ?? (await readDeviceModel(deviceTypes, built.deviceType, runner));
      models.set(built.deviceType, model);
      const host = loopbackAddress(config.base, built.position + 1);
      standing.push({ built, model, host, powered: await powerUp({ built, model, groups, rule: config.sessions ?? "together", ...placesOf(config, built, host) }, state, log) });
    }
    stopMeasuring = startMeasuringRounds(standing.map(({ powered }) => powered.meter), systemClock, log);
    const { registrar } = config;
    if (registrar) registered.push(...standing.map((one) => registerMeter(registration(one, groups.length > 0), registrar, log)));
    if (config.mqtt) {
      const link = (presence = await announcePresence(config.mqtt, standing.length, log));
      const { topics } = config.mqtt;
      carried.push(...standing.map(({ built, powered }) => carry(powered.meter, built, topics, link, log)));
    }
    log.info("street is up", { meters: standing.length });
    return {
      meters: standing.map((one) => deliveryOf(one, state)),
      groupPorts: groups.map(({ port }) => port),
      changeKey(serial, overlapHours) {
        const one = standing.find(({ built }) => built.serial === serial);
        if (!one) throw new StreetError("misuse", "bad-configuration", `No meter of this street has the serial number ${serial}.`, { field: "serial" });
        const until = systemClock.now() + overlapHours * hour;
        changeKey(state, one.built.position, until);
        const newest = state.keys.of(one.built.position).at(-1);
        if (newest) one.powered.keys.rotate(newest, until);
        return keysOf(one.built, state);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The meters that are there, and as many new ones as are missing from `count`; each with a C12.22 key, a new one where asked for. */
function asBuilt(state: StreetState, { count, newKeysOverlap }: StreetConfig): AsBuiltMeter[] {
  for (let position = state.meters().length; position < count; position++) {
    const deviceType = deviceTypeAt(position);
    const serial = `${deviceType.slice(0, 2).toUpperCase()}${String(260_000 + position + 1)}`;
    state.add({ position, serial, deviceType, passwords: [randomBytes(passwordLength), randomBytes(passwordLength), randomBytes(passwordLength)] });
  }
  const built = state.meters().slice(0, count);
  for (const { position } of built) {
    if (newKeysOverlap !== undefined || state.keys.of(position).length === 0) changeKey(state, position, systemClock.now() + (newKeysOverlap ?? 0) * hour);
  }
  return built;
}

/** Takes the reports of a meter to the broker. */
function carry(meter: Meter, { serial }: AsBuiltMeter, site: string, presence: Presence, log: Log): () => void {
  return carryReports(meter, (report) => presence.event(reportMessage({ manufacturer, serial, site }, report, systemClock.now())), log);
}

function changeKey(state: StreetState, position: number, oldUntil: number): void {
  state.keys.change(position, randomBytes(keyLength), oldUntil, systemClock.now());
}

function placesOf({ port, udpPort = port, ipv6Port, ipv6Host = "::1" }: StreetConfig, { position }: AsBuiltMeter, host: string): Pick<PowerUp, "ipv4" | "ipv6"> {
  const own = ipv6Port === 0 ? 0 : (ipv6Port ?? 0) + position;
  return { ipv4: { host, port, udpPort }, ipv6: ipv6Port === undefined ? undefined : { host: ipv6Host, port: own, udpPort: own } };
}

function registration({ built, model, host, powered }: Standing, hearsGroups: boolean): RegisteringMeter {
  const { title, keys, ipv4 } = powered;
  const deviceClass = model.images.get(0)?.slice(deviceClassAt, deviceClassAt + 4) ?? new Uint8Array(4);
  return { serial: built.serial, title, keys, deviceClass, place: { host, port: ipv4.udpPort }, hearsGroups };
}

function deliveryOf({ built, model, host, powered: { ipv4, ipv6 } }: Standing, state: StreetState): DeliveredMeter {
  const { serial, deviceType } = built;
  const passwords = Object.fromEntries(model.levels.map((level, index) => [level, toHex(built.passwords[index] ?? new Uint8Array())]));
  const c1222 = {
    title: titleOf(serial),
    udpPort: ipv4.udpPort,
    ...(ipv6 ? { ipv6: { host: ipv6.host, port: ipv6.port, udpPort: ipv6.udpPort } } : {}),
    keys: keysOf(built, state),
  };
  return { manufacturer, serial, deviceType, host, port: ipv4.port, programmingPassword: passwords[programmingLevel] ?? "", passwords, c1222 };
}

function keysOf({ position }: AsBuiltMeter, state: StreetState): DeliveredC1222["keys"] {
  return state.keys.of(position).map(({ key, ...rest }) => ({ ...rest, key: toHex(key) }));
}
