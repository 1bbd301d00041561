import type { FieldValue } from "@metersmith/tables";
import { expect, test } from "vitest";
import { meterEvent } from "../events/event-kind.ts";
import { DiagnosedMeter } from "../testing/diagnosed-meter.ts";
import { memoryInRam, type MeterStorage } from "../memory/meter-memory.ts";
import { meterOnTheBench } from "../testing/bench.ts";
import { diagnostics } from "./diagnostic-list.ts";

const checks = (meter: DiagnosedMeter): number => meter.events().filter(({ code, manufacturer }) => manufacturer && code === meterEvent.metrologyChecked.code).length;
const states = (meter: DiagnosedMeter): number[] => (meter.read(2057)["RESULTS"] as readonly { readonly STATE: number }[]).map(({ STATE }) => STATE);

test("[I2FR1] all diagnostics run at installation, which is the first tick of a new meter, and not at each power up", () => {
  const meter = new DiagnosedMeter();
  // Not applicable are the drift of a clock that was set once, and the order of phases of a single one.
  expect(states(meter)).toEqual(diagnostics.map(({ id }) => (id === "clock-drift" || id === "socket-rotation" ? 3 : 1)));
  expect(checks(meter)).toBe(1);
  meter.restart();
  meter.tick();
  expect(checks(meter)).toBe(1);
});

test.each([[24, 32], [48, 16], [744, 2], [1, 32], [60_000, 2]])("[I2NFR6] METROLOGY_CHECK_HOURS %i: with the one at installation %i checks in 31 days, each an entry of the log", (hours, expected) => {
  const meter = new DiagnosedMeter();
  const session = meter.bench.session("master");
  session.writeOffset(2056, 2, Uint8Array.of(hours & 0xff, hours >> 8));
  session.logoff();
  meter.pass(31 * 24);
  expect(checks(meter)).toBe(expected);
});

test("procedure 11 runs all of them and says which failed; with parameters it is refused", () => {
  const meter = new DiagnosedMeter();
  expect(meter.run(11)).toEqual([0, 16, 0, 0, 0, 0]);
  meter.provoke({ kind: "front-end-drift", gain: 0.97 });
  meter.provoke({ kind: "cover-open" });
  // Bits 8 and 14: diagnostics 9 and 15.
  expect(meter.run(11)).toEqual([0, 16, 0x00, 0x41, 0, 0]);
  const rows = meter.read(2057)["RESULTS"] as readonly { readonly [field: string]: FieldValue }[];
  expect(rows[8]).toMatchObject({ DIAGNOSTIC: 9, CLASS: 3, STATE: 2, VALUE: -300, LIMIT: 50 });
  expect(meter.run(11, Uint8Array.of(1))).toEqual([2]);
});

test("what still fails when its flag is cleared shows again when it is next found, without another event", () => {
  const meter = new DiagnosedMeter();
  meter.provoke({ kind: "tilted", degrees: 20 });
  meter.tick();
  const { sequence } = meter;
  meter.run(7);
  expect(meter.flags()).toEqual({ standard: [], manufacturer: [15] });
  meter.tick();
  expect(meter.flags()).toEqual({ standard: ["TAMPER_DETECT"], manufacturer: [15] });
  expect(meter.sequence).toBe(sequence);
});

test("[I2NFR8] the battery's data: what an outage takes from it is known to a quarter of an hour", () => {
  const meter = new DiagnosedMeter();
  meter.pass(24 * 30);
  expect(meter.read(2057)).toMatchObject({ CARRY_OVER_MINUTES: 0, DAYS_INSTALLED: 30, BATTERY_MILLIVOLTS: 3598 });
  meter.bench.clock.advance(100 * 3_600_000);
  meter.restart();
  expect(meter.read(2057)).toMatchObject({ CARRY_OVER_MINUTES: 6000, BATTERY_MILLIVOLTS: 3572 });
});

test("where memory takes nothing of events, results and reports any more, diagnostics go on, and table 3 says so", () => {
  const records = memoryInRam();
  let worn = false;
  const memory: MeterStorage = {
    pages: records.pages,
    read: (key) => records.read(key),
    write(key, bytes) {
      if (worn && /^(events|diagnostics|facts|reports|alive|sums)/.test(key)) throw new Error("worn out");
      records.write(key, bytes);
    },
  };
  const bench = meterOnTheBench({ memory });
  bench.meter.tick();
  worn = true;
  bench.clock.advance(25 * 3_600_000);
  bench.meter.tick();
  const status = bench.session("reader").read(3);
  expect((status as Uint8Array)[1]).toBe(0x20 | 0x40 | 0x01);
});
