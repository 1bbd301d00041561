import { fromHex } from "@metersmith/base/bytes";
import { expect, test } from "vitest";
import { crc16 } from "./crc16.ts";

test("gives the check value of CRC-16/X-25 (catalogue of parametrised CRC algorithms: 906E over \"123456789\")", () => {
  expect(crc16(new TextEncoder().encode("123456789"))).toBe(0x906e);
});

test("gives 1013 for the identification packet, sent as 13 10 (as termineter 1.0.6 builds it, docs/interop.md)", () => {
  expect(crc16(fromHex("ee 00 00 00 00 01 20"))).toBe(0x1013);
});

test("is the start value inverted twice, 0000, over nothing", () => {
  expect(crc16(new Uint8Array(0))).toBe(0x0000);
});

test("takes a range", () => {
  expect(crc16(fromHex("aa ee 00 00 00 00 01 20 bb"), 1, 8)).toBe(0x1013);
});
