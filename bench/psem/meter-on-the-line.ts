import { readFileSync } from "node:fs";
import { FakeClock } from "@metersmith/base/clock";
import { untilSettled } from "@metersmith/base/until-settled";
import { MeterClient } from "@metersmith/client";
import { createMeter, memoryInRam, readMeterModel, type Meter } from "@metersmith/meter";
import { openPsemClient, servePsem } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { SimulatedLine, type LineSettings } from "./simulated-line.ts";

const dayMilliseconds = 86_400_000;
const password = new TextEncoder().encode("the-master-password");

/** A virtual rx-2s whose load profile holds `days` whole days of 15-minute intervals in `channels` channels. */
export class MeterOnTheLine {
  readonly clock = new FakeClock(Date.UTC(2026, 5, 1));
  readonly #meter: Meter;

  constructor(days: number, channels: number) {
    const [factory, fragments] = ["factory", "fragment"].map((name): unknown => JSON.parse(readFileSync(new URL(`../../device-types/rx-2s/${name}.json`, import.meta.url), "utf8")));
    const model = readMeterModel({ factory: withProfile(factory as Factory, days + 1, channels), fragments });
    this.#meter = createMeter(model, { serial: "BENCH001", passwords: [new Uint8Array([1]), new Uint8Array([2]), password], memory: memoryInRam(), clock: this.clock });
    for (let day = 0; day <= days; day++) {
      this.clock.advance(dayMilliseconds);
      this.#meter.device().logon(0, "");
    }
  }

  /** Simulated milliseconds of one session from the first byte to the last, and what `use` gave. */
  async session<Value>(line: LineSettings, use: (meter: MeterClient) => Promise<Value>): Promise<{ readonly milliseconds: number; readonly packetSize: number; readonly value: Value }> {
    const [near, far] = new SimulatedLine(this.clock, line).ends;
    const server = servePsem(far, this.clock, this.#meter.device(), { serial: true });
    const client = new MeterClient(openPsemClient(near, this.clock, { serial: true }), standardDefinitions, { clock: this.clock });
    const start = this.clock.now();
    const whole = async (): Promise<Value> => {
      await client.connect({ user: "bench", userId: 1, password });
      const value = await use(client);
      await client.disconnect();
      return value;
    };
    const value = await untilSettled(this.clock, whole());
    const milliseconds = this.clock.now() - start;
    server.close();
    return { milliseconds, packetSize: client.negotiated?.packetSize ?? 64, value };
  }
}

interface Factory {
  readonly tables: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The type as it ships, with a profile of another size: as a meter with more memory would be. */
function withProfile(factory: Factory, blocks: number, channels: number): Factory {
  const dimensions = { ...factory.tables["61"], NBR_BLKS_SET1: blocks, NBR_CHNS_SET1: channels };
  const control = Object.fromEntries(
    Object.entries(factory.tables["62"] ?? {}).map(([field, value]) => [field, Array.isArray(value) ? Array.from({ length: channels }, (_, channel) => value[channel % value.length] as unknown) : value]),
  );
  return { ...factory, tables: { ...factory.tables, "61": dimensions, "62": control } };
}
