import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toHex } from "@metersmith/base/bytes";
import type { Log } from "@metersmith/base/log";
import { createMeter, type MeterModel } from "@metersmith/meter";
import { systemClock } from "@metersmith/node/system-clock";
import { listenTcp, type TcpListener } from "@metersmith/node/tcp-channel";
import { servePsem } from "@metersmith/psem";
import { readDeviceModel } from "./device-models.ts";
import { loopbackAddress } from "./loopback-address.ts";
import { announcePresence, type Presence } from "./presence.ts";
import type { StreetConfig } from "./street-config.ts";
import { openStreetState, type AsBuiltMeter, type StreetState } from "./street-state.ts";

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
}

export interface Street {
  readonly meters: readonly DeliveredMeter[];
  stop(): Promise<void>;
}

const manufacturer = "MSMT";
const programmingLevel = "programmer";
const passwordLength = 20;
/** Local sessions at a time with one meter. */
const connections = 8;

const deviceTypes = fileURLToPath(new URL("../../device-types", import.meta.url));

/** Every third meter is instrument-rated. */
function deviceTypeAt(position: number): string {
  return position % 3 === 2 ? "ix-4s" : "rx-2s";
}

/** Powers up the meters, new ones made as they are needed, and listens. Everything that was opened is closed where it fails. */
export async function startStreet(config: StreetConfig, log: Log): Promise<Street> {
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const state = openStreetState(join(config.home, "street.sqlite"));
  const listeners: TcpListener[] = [];
  let presence: Presence | undefined;
  const stop = async (): Promise<void> => {
    await presence?.leave().catch((error: unknown) => log.warn("the street left without saying so", { error }));
    await Promise.all(listeners.map((listener) => listener.close()));
    state.close();
  };
  try {
    const models = new Map<string, MeterModel>();
    const delivered: DeliveredMeter[] = [];
    for (const built of asBuilt(state, config.count)) {
      const model = models.get(built.deviceType) ?? (await readDeviceModel(deviceTypes, built.deviceType));
      models.set(built.deviceType, model);
      const host = loopbackAddress(config.base, built.position + 1);
      const listener = await powerUp(built, model, state, { host, port: config.port }, log);
      listeners.push(listener);
      delivered.push(deliveryOf(built, model, host, listener.port));
    }
    if (config.mqtt) presence = await announcePresence(config.mqtt, delivered.length, log);
    log.info("street is up", { meters: delivered.length });
    return { meters: delivered, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The meters that are there, and as many new ones as are missing from `count`. */
function asBuilt(state: StreetState, count: number): AsBuiltMeter[] {
  for (let position = state.meters().length; position < count; position++) {
    const deviceType = deviceTypeAt(position);
    const serial = `${deviceType.slice(0, 2).toUpperCase()}${String(260_000 + position + 1)}`;
    state.add({ position, serial, deviceType, passwords: [randomBytes(passwordLength), randomBytes(passwordLength), randomBytes(passwordLength)] });
  }
  return state.meters().slice(0, count);
}

function powerUp(built: AsBuiltMeter, model: MeterModel, state: StreetState, { host, port }: { host: string; port: number }, log: Log): Promise<TcpListener> {
  const meter = createMeter(model, { serial: built.serial, passwords: built.passwords, memory: state.memoryOf(built.position), clock: systemClock });
  return listenTcp(host, port, (channel) => {
    servePsem(channel, systemClock, meter.device(() => channel.close()), { onFault: (error) => log.error("a meter failed", { serial: built.serial, error }) });
  }, { connections });
}

function deliveryOf(built: AsBuiltMeter, model: MeterModel, host: string, port: number): DeliveredMeter {
  const passwords = Object.fromEntries(model.levels.map((level, index) => [level, toHex(built.passwords[index] ?? new Uint8Array())]));
  return { manufacturer, serial: built.serial, deviceType: built.deviceType, host, port, programmingPassword: passwords[programmingLevel] ?? "", passwords };
}
