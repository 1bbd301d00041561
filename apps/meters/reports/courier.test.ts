import { fileURLToPath } from "node:url";
import { FakeClock } from "@metersmith/base/clock";
import { silentLog } from "@metersmith/base/log";
import { quiet } from "@metersmith/base/until-settled";
import { createMeter, memoryInRam, Provocations, type Meter, type MeterStorage, type Report } from "@metersmith/meter";
import { expect, test } from "vitest";
import { readDeviceModel } from "../device-models.ts";
import { startMeasuringRounds } from "../measuring-rounds.ts";
import { carryReports } from "./courier.ts";
import { reportMessage } from "./report-message.ts";

const model = await readDeviceModel(fileURLToPath(new URL("../../../device-types", import.meta.url)), "rx-2s");
const minute = 60_000;

class Outside {
  readonly clock = new FakeClock(Date.UTC(2026, 6, 15, 12));
  readonly provocations = new Provocations();
  readonly memory: MeterStorage = memoryInRam();
  readonly arrived: { at: number; report: Report }[] = [];
  away = false;
  meter: Meter = this.#made();
  #end = this.#watched();

  #made(): Meter {
    const passwords = model.levels.map((level) => new TextEncoder().encode(level));
    return createMeter(model, { serial: "TEST0001", passwords, memory: this.memory, clock: this.clock, provocations: this.provocations });
  }

  #watched(): () => void {
    const forget = carryReports(this.meter, async (report) => {
      await Promise.resolve();
      if (this.away) throw new Error("nobody answers");
      this.arrived.push({ at: this.clock.now(), report });
    }, silentLog);
    const stop = startMeasuringRounds([this.meter], this.clock, silentLog);
    return () => {
      stop();
      forget();
    };
  }

  restart(): void {
    this.#end();
    this.meter.switchOff();
    this.meter = this.#made();
    this.#end = this.#watched();
  }

  async pass(minutes: number): Promise<void> {
    for (let step = 0; step < minutes; step++) {
      this.clock.advance(minute);
      await quiet();
    }
  }
}

test("[I2NFR4] a safety failure is seen outside within a minute of its beginning, and within fifteen where nobody answers for thirteen of them", async () => {
  const outside = new Outside();
  await outside.pass(2);
  expect(outside.arrived).toEqual([]);
  const begun = outside.clock.now();
  outside.provocations.provoke({ kind: "cover-open" }, begun);
  await outside.pass(2);
  expect(outside.arrived).toMatchObject([{ report: { class: "safety", diagnostic: 15, count: 1 } }]);
  expect((outside.arrived[0]?.at ?? Infinity) - begun).toBeLessThanOrEqual(minute);

  outside.away = true;
  const again = outside.clock.now();
  outside.provocations.provoke({ kind: "foreign-voltage", factor: 0.5 }, again);
  await outside.pass(13);
  expect(outside.arrived).toHaveLength(1);
  outside.away = false;
  await outside.pass(2);
  expect(outside.arrived[1]).toMatchObject({ report: { class: "safety", diagnostic: 13 } });
  expect((outside.arrived[1]?.at ?? Infinity) - again).toBeLessThanOrEqual(15 * minute);
  expect(outside.meter.reports.pending).toEqual([]);
  await outside.pass(60);
  expect(outside.arrived).toHaveLength(2);
});

test("[I2FR16] what waited goes out in the order safety, service, and then the critical rest, also after a loss of power", async () => {
  const outside = new Outside();
  await outside.pass(2);
  outside.away = true;
  const now = outside.clock.now();
  outside.provocations.provoke({ kind: "front-end-drift", gain: 1.05 }, now);
  await outside.pass(24 * 60);
  outside.provocations.provoke({ kind: "firmware-update-failed", reason: 1 }, now);
  await outside.pass(2);
  outside.provocations.provoke({ kind: "tilted", degrees: 90 }, now);
  await outside.pass(2);
  outside.restart();
  outside.away = false;
  await outside.pass(2);
  expect(outside.arrived.map(({ report }) => [report.class, report.diagnostic])).toEqual([["safety", 16], ["service", 4], ["billing", 9]]);
});

test("a report travels with its class, its diagnostic, and the meter's times", () => {
  const report: Report = { id: 7, class: "safety", diagnostic: 15, code: 47, manufacturer: false, detail: 0, count: 2, first: 1_784_000_000, last: 1_784_000_060, entry: 12 };
  const text = new TextDecoder().decode(reportMessage({ manufacturer: "MSMT", serial: "RX260001", site: "ms/1/u/street" }, report, Date.UTC(2026, 6, 15)));
  expect(JSON.parse(text)).toEqual({
    id: "MSMT/RX260001/7", type: "failure.reported", v: 1, at: "2026-07-15T00:00:00.000Z", site: "ms/1/u/street", subject: { manufacturer: "MSMT", serial: "RX260001" }, by: "meter",
    data: { class: "safety", diagnostic: "cover", event: { code: 47, manufacturer: false }, detail: 0, count: 2, first: "2026-07-14T03:33:20", last: "2026-07-14T03:34:20", entry: 12 },
  });
});
