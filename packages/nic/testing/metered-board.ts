import { FakeClock } from "@metersmith/base/clock";
import { createMeter, memoryInRam, readMeterModel, type Meter, type MeterFaults } from "@metersmith/meter";
import commercial from "../../../device-types/ix-4s/factory.json" with { type: "json" };
import commercialFragment from "../../../device-types/ix-4s/fragment.json" with { type: "json" };
import residential from "../../../device-types/rx-2s/factory.json" with { type: "json" };
import residentialFragment from "../../../device-types/rx-2s/fragment.json" with { type: "json" };
import type { BoardAccess } from "../configuration/board-session.ts";

const models = {
  "rx-2s": readMeterModel({ factory: residential, fragments: residentialFragment }),
  "ix-4s": readMeterModel({ factory: commercial, fragments: commercialFragment }),
} as const;
const passwords = ["reading", "programming", "mastering"].map((text) => new TextEncoder().encode(text.padEnd(20, "\0")));

/** A real board, and the card's way to it: levels reader, programmer and master. */
export function meteredBoard(deviceType: keyof typeof models = "rx-2s", faults: MeterFaults = {}): { readonly board: BoardAccess; readonly meter: Meter; readonly clock: FakeClock } {
  const clock = new FakeClock(Date.UTC(2026, 6, 15, 19, 0, 0));
  const made = models[deviceType];
  const meter = createMeter(made, { serial: "NIC00001", passwords, memory: memoryInRam(), clock, faults });
  const levels = new Map(["reader", "programmer", "master"].map((role, at) => [role, { userId: 90 + at, password: passwords[at] ?? new Uint8Array(20) }]));
  return { board: { open: (lost) => meter.device(lost), definitions: made.context.definitions, levels }, meter, clock };
}
