import { readFile } from "node:fs/promises";
import { toHex } from "@metersmith/base/bytes";
import { createMeter, memoryInRam, type Meter, type MeterFaults, type MeterStorage, readMeterModel } from "@metersmith/meter";
import { systemClock } from "@metersmith/node/system-clock";
import { listenTcp } from "@metersmith/node/tcp-channel";
import { servePsem } from "@metersmith/psem";

/** A virtual meter that answers C12.18 on a port of loopback. */
export interface MeterUnderTest {
  readonly meter: Meter;
  readonly memory: MeterStorage;
  /** As the registry takes it. */
  readonly registration: { manufacturer: string; serial: string; deviceType: string; address: string; programmingPassword: string };
  /** The same meter after a loss of power, with other faults, on the same port. */
  restart(faults?: MeterFaults): void;
  stop(): Promise<void>;
}

/** Of a type of this repository, or of one whose files are given. */
export async function meterUnderTest(deviceType: string, serial: string, faults: MeterFaults = {}, files?: ReadonlyMap<string, string>): Promise<MeterUnderTest> {
  const folder = new URL(`../../device-types/${deviceType}/`, import.meta.url);
  const read = async (file: string): Promise<unknown> => JSON.parse(files?.get(file) ?? (await readFile(new URL(file, folder), "utf8")));
  const model = readMeterModel({ factory: await read("factory.json"), fragments: await read("fragment.json") });
  const passwords = model.levels.map((_level, index) => new Uint8Array(20).fill(0x31 + index));
  const memory = memoryInRam();
  const powerUp = (with_: MeterFaults): Meter => createMeter(model, { serial, passwords, memory, clock: systemClock, faults: with_ });
  let meter = powerUp(faults);
  const listener = await listenTcp("127.0.0.1", 0, (channel) => void servePsem(channel, systemClock, meter.device(() => channel.close())));
  const programming = passwords[model.levels.indexOf("programmer")] ?? new Uint8Array();
  return {
    get meter() {
      return meter;
    },
    memory,
    registration: {
      manufacturer: String(model.context.decode(1, model.images.get(1) ?? new Uint8Array()).get("MANUFACTURER")),
      serial,
      deviceType,
      address: `tcp:127.0.0.1:${listener.port}`,
      programmingPassword: toHex(programming),
    },
    restart: (next = {}) => void (meter = powerUp(next)),
    stop: () => listener.close(),
  };
}
