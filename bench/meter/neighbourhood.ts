import { readFileSync } from "node:fs";
import { FakeClock } from "@metersmith/base/clock";
import { createMeter, disturbedLine, householdService, memoryInRam, powerLine, readMeterModel, recordedLoad, recordings, syntheticHousehold, type Line, type Meter } from "@metersmith/meter";
import { benchProgram } from "./program.ts";

const dayMilliseconds = 86_400_000;
/** Blocks that table 64 of rx-2s holds, and one that makes room. */
const profileDays = 17;
const interval = 900;
const passwords = ["bench-reader", "bench-programmer", "bench-master"].map((text) => new TextEncoder().encode(text));
const start = Date.UTC(2026, 5, 1);

/** Many meters of rx-2s, each programmed and set, their circuits protected, their load profiles full, under one clock. */
export class Neighbourhood {
  readonly meters: readonly Meter[];
  readonly #clock = new FakeClock(start);

  constructor(count: number) {
    const [factory, fragments] = ["factory", "fragment"].map((name): unknown => JSON.parse(readFileSync(new URL(`../../device-types/rx-2s/${name}.json`, import.meta.url), "utf8")));
    const model = readMeterModel({ factory, fragments });
    const program = benchProgram(model);
    this.meters = Array.from({ length: count }, (_, position) => {
      const meter = createMeter(model, { serial: `B${position}`, passwords, memory: memoryInRam(), clock: this.#clock, line: lineAt(position) });
      const session = meter.device();
      session.logon(1, "bench");
      session.security(new Uint8Array(20).map((_octet, index) => passwords[2]?.[index] ?? 0));
      // Procedure 10: prevailing time, 2026-05-31 19:00:00 daylight time, any weekday.
      const setClock = Uint8Array.of(10, 0, 1, 7, 26, 5, 31, 19, 0, 0, 0x20 | 0x80 | 0x08 | 0x40 | 7);
      for (const [table, octets] of [...program, [7, setClock] as const]) {
        const answer = session.write(table, octets);
        if (answer !== "ok") throw new Error(`table ${table} of the bench's program: the meter answers ${answer}`);
      }
      return meter;
    });
    const [first] = this.meters;
    const { problems, clockIsSet } = first?.inspect() ?? { problems: [], clockIsSet: true };
    if (problems.length > 0 || !clockIsSet) throw new Error(`the bench's meters are not programmed: ${problems.join("; ")}`);
    for (let day = 0; day < profileDays; day++) {
      this.#clock.advance(dayMilliseconds);
      for (const meter of this.meters) meter.tick();
    }
  }

  /** One day, interval by interval: at the end of each, every meter measures, records, and has it durable. */
  day(): void {
    for (let at = 0; at < 86_400; at += interval) {
      this.#clock.advance(interval * 1000);
      for (const meter of this.meters) meter.tick();
    }
  }

  /** Watt-hours that the total's first register has counted, of one meter: so that the bench is seen to measure. */
  kilowattHours(position: number): number {
    const session = this.meters[position]?.device();
    session?.logon(1, "bench");
    session?.security(new Uint8Array(20).map((_octet, index) => passwords[0]?.[index] ?? 0));
    const registers = session?.read(23);
    return registers instanceof Uint8Array ? new DataView(registers.buffer, registers.byteOffset).getInt32(1, true) : Number.NaN;
  }
}

/** A third of the meters each: the synthetic household, a recorded one by the quarter of an hour, and the same with a generator at noon. */
function lineAt(position: number): Line {
  if (position % 3 === 0) return syntheticHousehold(`B${position}`);
  const load = recordedLoad(recordings["green-button-quarters"], { scale: 0.5 + (position % 100) / 100, from: position * interval });
  const line = powerLine(load, householdService);
  return position % 3 === 1 ? line : disturbedLine(line, [{ from: start / 1000 + 18 * 86_400, to: start / 1000 + 18.5 * 86_400, current: -0.5 }]);
}
