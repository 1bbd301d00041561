import { expect, test } from "vitest";
import { firmwareOf } from "../firmware/testing/assemble.ts";
import { smallFirmware, smallNow } from "../sweep/small-images.ts";
import type { SmallMeter } from "../sweep/small-meter.ts";
import { filled, fresh, smallMeter, smallProgram } from "../testing/small-meter.ts";

const firmware = await smallFirmware();

const codeOf = (refusal: { readonly code: string } | undefined): string | undefined => refusal?.code;

test.each([
  ["another update under way", "phase", (meter: SmallMeter) => meter.receive(firmware) ?? meter.update.begin(10)],
  ["too many octets", "too-large", (meter: SmallMeter) => meter.update.begin(1025)],
  ["no octets", "too-large", (meter: SmallMeter) => meter.update.begin(0)],
  ["octets without an update", "phase", (meter: SmallMeter) => meter.update.write(0, new Uint8Array(64))],
  ["octets beyond the end", "range", (meter: SmallMeter) => meter.update.begin(100) ?? meter.update.write(64, new Uint8Array(64))],
  ["a piece that is no whole unit", "range", (meter: SmallMeter) => meter.update.begin(100) ?? meter.update.write(0, new Uint8Array(63))],
  ["other octets where some are", "differs", (meter: SmallMeter) => meter.update.begin(128) ?? meter.update.write(0, new Uint8Array(64)) ?? meter.update.write(0, new Uint8Array(64).fill(1))],
  ["verifying with octets missing", "incomplete", (meter: SmallMeter) => meter.update.begin(128) ?? meter.update.write(0, new Uint8Array(64)) ?? meter.update.verify()],
  ["activating what is not verified", "phase", (meter: SmallMeter) => meter.update.begin(64) ?? meter.update.activate()],
  ["confirming what is not on trial", "phase", (meter: SmallMeter) => meter.update.confirm()],
  ["reverting what is not on trial", "phase", (meter: SmallMeter) => meter.update.revert()],
  ["aborting nothing", "phase", (meter: SmallMeter) => meter.update.abort()],
  ["no image", "image", (meter: SmallMeter) => meter.update.begin(64) ?? meter.send(new Uint8Array(64)) ?? meter.update.verify()],
] as const)("refused: %s", (_, code, ask) => {
  expect(codeOf(ask(smallMeter(fresh())))).toBe(code);
});

const other = { least: { version: 9, revision: 0 }, most: { version: 9, revision: 0 } };
const twelve = { table: 12, bytes: filled(12, 0x55), mask: filled(12, 0xff) };
test.each([
  ["another device type", "device-type", smallFirmware({ deviceType: "ix-4s" })],
  ["other hardware", "hardware", smallFirmware({ hardware: other })],
  ["other firmware", "firmware", smallFirmware({ firmware: other })],
  ["an image that has expired", "expired", smallFirmware({ expiry: smallNow })],
  ["somebody else's image", "audience", smallFirmware({ audience: "other" })],
  ["an image for test", "test", smallFirmware({ test: true })],
  ["a module of another version than its manifest", "content", smallFirmware({ version: 0x0201 })],
  ["a module that the board does not run", "content", smallFirmware({ version: 0x0300 }, firmwareOf("(local.get $steps)", "(func $start) (start $start)"))],
  ["a program that writes what no program may", "content", smallProgram(5, { content: { kind: "program", steps: [{ do: "write", table: 1, bytes: filled(1, 0), mask: filled(1, 0xff) }] } })],
  ["a program that runs what no program may", "content", smallProgram(5, {}, [10])],
  ["a program reviewed against other tables", "table-changed", smallProgram(5, { reviewed: [twelve] })],
  ["a program reviewed against a table that is not there", "table-missing", smallProgram(5, { reviewed: [{ ...twelve, table: 2047 }] })],
] as const)("refused: %s", async (_, code, image) => {
  const meter = smallMeter(fresh());
  expect(codeOf(meter.receive(await image))).toBe(code);
  expect([meter.update.state.phase, meter.update.state.outcome.code]).toEqual(["receiving", code]);
});

test("refused: every flipped bit of an octet of an image in the buffer, at verification", () => {
  for (let at = 0; at < firmware.length; at += 37) {
    const bad = firmware.map((octet, index) => (index === at ? octet ^ (1 << at % 8) : octet));
    expect(smallMeter(fresh()).receive(bad), `octet ${at}`).toBeDefined();
  }
});

test("refused: an image whose tables have changed between verification and activation; it can be activated once they are as they were", async () => {
  const meter = smallMeter(fresh());
  const bytes = meter.tables.image(12) ?? new Uint8Array();
  expect(meter.receive(await smallProgram(5, { reviewed: [{ table: 12, bytes, mask: filled(12, 0xff) }] }))).toBeUndefined();
  meter.tables.write(12, 0, Uint8Array.of((bytes[0] ?? 0) ^ 1));
  expect(meter.update.activate()).toMatchObject({ code: "table-changed", place: 12 });
  expect([meter.update.state.phase, meter.tables.image(13)]).toEqual(["verified", smallMeter(fresh()).tables.image(13)]);
  meter.tables.write(12, 0, bytes.slice(0, 1));
  expect(meter.update.activate()).toBeUndefined();
});

test("refused: everything, where the state of earlier updates is lost and with it the counters", () => {
  const chip = fresh();
  for (const page of [1, 2]) chip.program(page * 1024, new Uint8Array(64));
  const meter = smallMeter(chip);
  expect(codeOf(meter.update.begin(64))).toBe("memory");
  expect([meter.update.memoryFailed, meter.version]).toEqual([true, 0x0100]);
});
