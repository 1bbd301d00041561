import { FakeClock } from "@metersmith/base/clock";
import type { PsemDevice, Refusal } from "@metersmith/psem";
import ix4s from "../../../device-types/ix-4s/factory.json" with { type: "json" };
import ix4sFragment from "../../../device-types/ix-4s/fragment.json" with { type: "json" };
import px9s from "../../../device-types/px-9s/factory.json" with { type: "json" };
import px9sFragment from "../../../device-types/px-9s/fragment.json" with { type: "json" };
import rx2s from "../../../device-types/rx-2s/factory.json" with { type: "json" };
import rx2sFragment from "../../../device-types/rx-2s/fragment.json" with { type: "json" };
import type { FirmwareSource } from "../firmware/firmware-source.ts";
import type { Flash } from "../flash/flash.ts";
import { createMeter, memoryInRam, readMeterModel, type Line, type Meter, type MeterFaults, type MeterStorage, type MeterModel, type Provocations, type UpdateTrust } from "../index.ts";

export const models = {
  "rx-2s": readMeterModel({ factory: rx2s, fragments: rx2sFragment }, "device-types/rx-2s/factory.json"),
  "ix-4s": readMeterModel({ factory: ix4s, fragments: ix4sFragment }, "device-types/ix-4s/factory.json"),
  "px-9s": readMeterModel({ factory: px9s, fragments: px9sFragment }, "device-types/px-9s/factory.json"),
} as const;

/** px-9s as it would be with sliding demand: table 13 has parts and their number instead of whole intervals. */
export const slidingModel = readMeterModel({
  factory: { ...px9s, tables: { ...px9s.tables, "11": { ...px9s.tables["11"], SOURCE_FLAGS: { PF_EXCLUDE: true, RESET_EXCLUDE: true, SLIDING_DEMAND: true } } } },
  fragments: px9sFragment,
});

export const passwords = { reader: ascii("reader-password"), programmer: ascii("programmer-password"), master: ascii("master-password-20ch") } as const;
export type Level = keyof typeof passwords;

export interface BenchMeter {
  readonly meter: Meter;
  readonly clock: FakeClock;
  readonly memory: MeterStorage;
  /** The same meter after a loss of power. */
  restarted(): BenchMeter;
  /** A connection that is logged on; without a level, without a password. */
  session(level?: Level): PsemDevice;
}

/** A meter with known passwords under a clock that a test moves. */
export function meterOnTheBench(options: { deviceType?: keyof typeof models; model?: MeterModel; line?: Line; firmware?: FirmwareSource; start?: number; faults?: MeterFaults; memory?: MeterStorage; clock?: FakeClock; provocations?: Provocations; trust?: UpdateTrust; flash?: Flash } = {}): BenchMeter {
  const { deviceType = "rx-2s", memory = memoryInRam() } = options;
  const clock = options.clock ?? new FakeClock(options.start ?? Date.UTC(2026, 6, 15, 19, 0, 0));
  const meter = createMeter(options.model ?? models[deviceType], {
    serial: "TEST0001", passwords: Object.values(passwords), memory, clock,
    ...(options.line ? { line: options.line } : {}),
    ...(options.firmware ? { firmware: options.firmware } : {}),
    ...(options.faults ? { faults: options.faults } : {}),
    ...(options.flash ? { flash: options.flash } : {}),
    ...(options.trust ? { trust: options.trust } : {}),
    ...(options.provocations ? { provocations: options.provocations } : {}),
  });
  return {
    meter, clock, memory,
    restarted: () => {
      meter.switchOff();
      return meterOnTheBench({ ...options, memory, clock });
    },
    session(level) {
      const device = meter.device();
      device.logon(1, "bench");
      if (level) device.security(padded(passwords[level]));
      return device;
    },
  };
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** As clients send it: 20 octets, padded with zeros. */
export function padded(password: Uint8Array, pad = 0x00): Uint8Array {
  return new Uint8Array(20).fill(pad).map((octet, index) => password[index] ?? octet);
}

/** The bytes of an answer that must not be a refusal. */
export function bytesOf(answer: Uint8Array | Refusal): Uint8Array {
  if (typeof answer === "string") throw new Error(`the meter answered ${answer}`);
  return answer;
}

