import { describe, expect, test } from "vitest";
import { version1, version2 } from "../firmware/images.generated.ts";
import { firmwareOf } from "../firmware/testing/assemble.ts";
import { disturbedLine } from "../line/disturbed-line.ts";
import { commercialService, powerLine } from "../line/power-line.ts";
import { bytesOf, meterOnTheBench, type BenchMeter } from "../testing/bench.ts";
import { polyphaseRegisters, setPrevailing, writePolyphaseProgram } from "../testing/polyphase-program.ts";
import { exampleCalendar } from "../testing/raw-calendar.ts";

const start = Date.UTC(2026, 6, 15, 5);
const hour = 3_600_000;
const kilowatt = { watts: () => 3000, until: () => Number.POSITIVE_INFINITY };

/** Another image may be put in while the meter runs. */
function meterWith(image: Uint8Array, disturbances: Parameters<typeof disturbedLine>[1] = []): BenchMeter & { readonly slot: { active: Uint8Array } } {
  const slot = { active: image };
  const bench = meterOnTheBench({ deviceType: "px-9s", start, line: disturbedLine(powerLine(kilowatt, commercialService), disturbances), firmware: slot });
  writePolyphaseProgram(bench, { calendar: exampleCalendar("px-9s") });
  setPrevailing(bench, true);
  return { ...bench, slot };
}

const energyOf = (bench: BenchMeter): readonly number[] => polyphaseRegisters(bytesOf(bench.session("reader").read(23))).blocks[0]?.energy ?? [];
/** FW_VERSION and FW_REVISION of table 1. */
const versionOf = (bench: BenchMeter): number[] => [...bytesOf(bench.session("reader").read(1)).subarray(14, 16)];
/** Bit 7 of ED_STD_STATUS1 in table 3. */
const measurementError = (bench: BenchMeter): boolean => ((bytesOf(bench.session("reader").read(3))[1] ?? 0) & 0x80) !== 0;

/** Codes of table 76, oldest first, the maker's with bit 11: after flags u8, valid u16, last u16, number u32, unread u16 entries of 24 octets, the code at 10. Not yet full, so in order of place. */
function logged(bench: BenchMeter): number[] {
  const bytes = bytesOf(bench.session("reader").read(76));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: view.getUint16(1, true) }, (_, back) => view.getUint16(11 + (view.getUint16(3, true) - back) * 24 + 10, true)).toReversed();
}
const [powerDown, powerUp, firmwareFailed, metrologyChecked] = [1, 2, 0x803, 0x80a];

test("a customer who gives energy back is billed for it by version 1 and not by version 2", () => {
  const reversed = [{ from: start / 1000, to: start / 1000 + 7200, current: -1 }];
  const after = (image: Uint8Array): readonly number[] => {
    const bench = meterWith(image, reversed);
    bench.clock.advance(3 * hour);
    return energyOf(bench).slice(0, 3);
  };
  // Delivered, received, net in Wh: two hours given back, one drawn.
  const near = (...values: number[]): unknown => values.map((value) => expect.closeTo(value, -0.6));
  expect(after(version1)).toEqual(near(9000, 0, 9000));
  expect(after(version2)).toEqual(near(3000, 6000, -3000));
});

test("a phase has its own register: with half its current gone it counts half of its third", () => {
  const bench = meterWith(version2, [{ from: start / 1000, to: start / 1000 + 86_400, current: 0.5, phases: [1] }]);
  bench.clock.advance(2 * hour);
  const [delivered, , , , , phaseB] = energyOf(bench);
  expect([delivered, phaseB]).toEqual([expect.closeTo(5000, -0.6), expect.closeTo(1000, -0.6)]);
});

test("[FWU-D] table 1 shows the version that runs, and another image is taken up at once; registers go on", () => {
  const bench = meterWith(version1);
  expect(versionOf(bench)).toEqual([1, 0]);
  bench.clock.advance(hour);
  bench.meter.tick();
  bench.slot.active = version2;
  bench.clock.advance(hour);
  expect(versionOf(bench)).toEqual([2, 0]);
  expect(energyOf(bench)[0]).toEqual(expect.closeTo(6000, -0.6));
});

describe.each([
  ["breaks off", firmwareOf("unreachable"), "trap"],
  ["gives nonsense", firmwareOf("(i32.const 7)"), "nonsense"],
  ["is none", Uint8Array.of(1, 2, 3), "not-a-module"],
  ["imports what it may not", firmwareOf("(local.get $steps)", "(func $start) (start $start)"), "forbidden-part"],
])("firmware that %s", (_, bad, reason) => {
  test("leaves the registers as they were, is told by table 3 and the log, and good firmware goes on from there", () => {
    const bench = meterWith(version2);
    bench.clock.advance(hour);
    const before = energyOf(bench);
    bench.slot.active = bad;
    bench.clock.advance(hour);
    expect(energyOf(bench)).toEqual(before);
    expect(measurementError(bench)).toBe(true);
    expect(bench.meter.inspect().firmwareFault?.reason).toBe(reason);
    expect(logged(bench).filter((code) => code === firmwareFailed)).toHaveLength(1);
    // Many intervals later it is not run any more, and the rest of the meter works.
    bench.clock.advance(24 * hour);
    expect(energyOf(bench)).toEqual(before);
    bench.slot.active = version2;
    bench.clock.advance(hour);
    expect(measurementError(bench)).toBe(true);
    expect(energyOf(bench)[0]).toEqual(expect.closeTo((before[0] ?? 0) + 3000, -0.6));
    // Held until procedure 7 clears it, so that nobody misses what was.
    expect(measurementError(bench)).toBe(true);
    bench.meter.tick();
    const master = bench.session("master");
    master.write(7, Uint8Array.of(7, 0, 1));
    expect(bytesOf(master.read(8))[3]).toBe(0);
    expect(measurementError(bench)).toBe(false);
  });
});

test("an outage of the line is seen by who stands before the meter, and draws nothing", () => {
  const at = start / 1000;
  const line = disturbedLine(powerLine(kilowatt, commercialService), [{ from: at + 3600, to: at + 7200, voltage: 0 }]);
  const bench = meterOnTheBench({ deviceType: "px-9s", start, line });
  writePolyphaseProgram(bench, { calendar: exampleCalendar("px-9s") });
  setPrevailing(bench, true);
  bench.clock.advance(1.5 * hour);
  bench.meter.tick();
  expect(bench.meter.inspect().powered).toBe(false);
  bench.clock.advance(1.5 * hour);
  bench.meter.tick();
  expect(bench.meter.inspect().powered).toBe(true);
  // The metrology check was due when power came back; a dead line is no wrong socket.
  expect(logged(bench).slice(-3)).toEqual([powerDown, powerUp, metrologyChecked]);
  expect(energyOf(bench)[0]).toEqual(expect.closeTo(6000, -0.6));
});
