import { FakeClock } from "@metersmith/base/clock";
import { expect, test } from "vitest";
import rx2s from "../../../device-types/rx-2s/factory.json" with { type: "json" };
import fragments from "../../../device-types/rx-2s/fragment.json" with { type: "json" };
import { createMeter, memoryInRam, readMeterModel } from "../index.ts";
import { bytesOf, meterOnTheBench, padded, passwords } from "../testing/bench.ts";

/** The demonstration type with DATA_ACCESS_METHOD 3: by index too. */
function meterWithIndices() {
  const general = { ...rx2s.tables["0"], FORMAT_CONTROL_2: { ...rx2s.tables["0"].FORMAT_CONTROL_2, DATA_ACCESS_METHOD: 3 } };
  const model = readMeterModel({ factory: { ...rx2s, tables: { ...rx2s.tables, "0": general } }, fragments });
  const meter = createMeter(model, { serial: "TEST0001", passwords: Object.values(passwords), memory: memoryInRam(), clock: new FakeClock() });
  const session = meter.device();
  session.logon(1, "bench");
  return { model, session };
}

test("a meter whose table 0 offers no access by index answers sns, before it says anything of the table", () => {
  const session = meterOnTheBench().session("master");
  expect(session.readIndex?.(54, [0], 1)).toBe("sns");
  expect(session.writeIndex?.(53, [0], new Uint8Array(3))).toBe("sns");
});

test("elements by index are the octets that the layout gives them, under the same permissions as the whole table", () => {
  const { model, session } = meterWithIndices();
  expect(session.readIndex?.(54, [0], 1)).toBe("isc");
  session.security(padded(passwords.programmer));
  const whole = bytesOf(session.read(54));
  const dates = model.context.layout(54).part("NON_RECURR_DATES");
  expect(dates?.shape.size).toBe(180);
  // ANCHOR_DATE, which this type lacks, counts as member 0. Three octets for each date.
  const path = model.context.layout(54).leaves[0]?.path ?? "";
  expect(path).toMatch(/^NON_RECURR_DATES\[0\]/);
  expect(session.readIndex?.(54, [1, 1], 2)).toEqual(whole.slice(3, 9));
  expect(session.readIndex?.(54, [1, 59], 2)).toBe("iar");
  expect(session.readIndex?.(54, [99], 1)).toBe("iar");
  expect(session.readIndex?.(65, [0], 1)).toBe("onp");
});

test("a write by index changes whole elements and nothing else", () => {
  const { session } = meterWithIndices();
  expect(session.writeIndex?.(54, [1, 1], new Uint8Array(3))).toBe("isc");
  session.security(padded(passwords.programmer));
  const before = bytesOf(session.read(54)).slice();
  expect(session.writeIndex?.(54, [1, 1], Uint8Array.of(1, 2, 3, 4, 5, 6))).toBe("ok");
  before.set([1, 2, 3, 4, 5, 6], 3);
  expect(session.read(54)).toEqual(before);
  for (const length of [0, 2, 4, 181]) expect(session.writeIndex?.(54, [1, 1], new Uint8Array(length))).toBe("iar");
  expect(session.writeIndex?.(3, [0], new Uint8Array(1))).toBe("onp");
  expect(session.read(54)).toEqual(before);
});
