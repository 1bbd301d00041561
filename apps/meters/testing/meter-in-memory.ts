import { readdirSync, readFileSync } from "node:fs";
import { memoryChannelPair, type ByteChannel } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { MeterClient, programMeter, type ProgramOptions, type ProgramPlan, type ProgramReport } from "@metersmith/client";
import { createMeter, memoryInRam, readMeterModel, type Line, type Meter, type MeterFaults, type MeterModel, type MeterStorage } from "@metersmith/meter";
import { buildProgram, importTariff, parametersFrom, parseJsonFile, programPlan, readDeviceType, type DeviceType } from "@metersmith/programs";
import { openPsemClient, servePsem } from "@metersmith/psem";
import type { MeterContext } from "@metersmith/tables";

const top = new URL("../../../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, top), "utf8");

export type DeviceTypeId = "rx-2s" | "ix-4s" | "px-9s" | "wx-1" | "gx-1";
export type Rate = "aps-et-2-tou" | "sce-gs-2-tou-b-single-phase" | "entergy-ar-lps-tou";

const ready = new Map<DeviceTypeId, { readonly type: DeviceType; readonly model: MeterModel }>();

/** A type and the model of its meters: immutable, so read once for all tests. */
function known(id: DeviceTypeId): { readonly type: DeviceType; readonly model: MeterModel } {
  const before = ready.get(id);
  if (before) return before;
  const type = readDeviceType(new Map(readdirSync(new URL(`device-types/${id}`, top)).map((name) => [name, text(`device-types/${id}/${name}`)])));
  const one = { type, model: readMeterModel({ factory: JSON.parse(text(`device-types/${id}/factory.json`)), fragments: JSON.parse(text(`device-types/${id}/fragment.json`)) }) };
  ready.set(id, one);
  return one;
}

export const plugin = (id: DeviceTypeId): DeviceType => known(id).type;

/** A real tariff with the example answers, built for a type: what `role` would send. */
export function planOf(id: DeviceTypeId, rate: Rate, role = "head-end"): ProgramPlan {
  const type = plugin(id);
  const tariff = importTariff(parseJsonFile(text(`examples/tariffs/${rate}.json`), `${rate}.json`), `${rate}.json`);
  const answers = parseJsonFile(text(`examples/tariffs/${rate}.answers.json`), `${rate}.answers.json`);
  return programPlan(buildProgram(type, parametersFrom(tariff, answers, { version: 3 })), type, role);
}

export const programmer = new TextEncoder().encode("the-programming-one");

/** A meter and its memory, which outlive every connection and every loss of power. */
export class MeterInMemory {
  readonly clock: FakeClock;
  readonly memory: MeterStorage = memoryInRam();
  readonly #id: DeviceTypeId;
  readonly #line: Line | undefined;
  meter: Meter;

  constructor(id: DeviceTypeId, start = Date.UTC(2026, 6, 15, 22, 30, 0), faults: MeterFaults = {}, line?: Line) {
    this.#id = id;
    this.#line = line;
    this.clock = new FakeClock(start);
    this.meter = this.#made(faults);
  }

  /** Off and on again, with other faults or none. */
  restart(faults: MeterFaults = {}): void {
    this.meter = this.#made(faults);
  }

  #made(faults: MeterFaults): Meter {
    const level = (name: string): Uint8Array => new TextEncoder().encode(name);
    return createMeter(known(this.#id).model, { serial: "TEST0001", passwords: [level("reading"), programmer, level("master")], memory: this.memory, clock: this.clock, faults, ...(this.#line ? { line: this.#line } : {}) });
  }

  /** A client at the other end of a channel in memory; `through` may stand in the way of what the two ends write. */
  connect(through: (near: ByteChannel, far: ByteChannel) => readonly [ByteChannel, ByteChannel] = (near, far) => [near, far]): MeterClient {
    const [near, far] = through(...memoryChannelPair());
    servePsem(far, this.clock, this.meter.device(() => far.close()));
    return new MeterClient(openPsemClient(near, this.clock), plugin(this.#id).definitions, { clock: this.clock });
  }

  /** The dimensions of its tables, as a client reads them. */
  async context(): Promise<MeterContext> {
    const client = this.connect();
    await client.connect({ user: "bench", userId: 7, password: programmer });
    const context = await client.context();
    await client.disconnect();
    return context;
  }

  /** A whole session: connect, log on, program, log off. */
  async program(plan: ProgramPlan, options: ProgramOptions = {}, client = this.connect()): Promise<ProgramReport> {
    await client.connect({ user: "bench", userId: 7, password: programmer });
    const report = await programMeter(client, plan, { clock: this.clock }, options);
    await client.disconnect();
    return report;
  }
}

/** Closes the channel instead of carrying the chunk number `chunk`, counted over both directions. */
export function cutAt(chunk: number): (near: ByteChannel, far: ByteChannel) => readonly [ByteChannel, ByteChannel] {
  let carried = 0;
  const end = (channel: ByteChannel): ByteChannel => ({
    listen: (listener) => channel.listen(listener),
    close: () => channel.close(),
    write: (bytes) => (carried++ === chunk ? channel.close() : channel.write(bytes)),
  });
  return (near, far) => [end(near), end(far)];
}
