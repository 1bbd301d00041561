import { toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import type { FieldValue } from "../field-value.ts";
import { agreed, BothCodecs } from "./both-codecs.ts";
import { dimensionVectors, generalOctets } from "./dimension-vectors.ts";
import { octetsIn, type DataOrder } from "./notation.ts";

/** Format octets of table 0 put together by hand: bits 0, 1-3 of the first; 0-2, 5 and 6-7 of the second; 0-3 and 4-7 of the third. */
interface Formats {
  readonly characters?: number;
  readonly time?: number;
  readonly idForm?: number;
  readonly integers?: number;
  readonly ni1?: number;
  readonly ni2?: number;
}

function holds(order: DataOrder, { characters = 1, time = 2, idForm = 0, integers = 0, ni1 = 8, ni2 = 8 }: Formats, table: number, octets: string, value: FieldValue): void {
  const first = (order === "most first" ? 1 : 0) + characters * 2;
  const controls = toHex(Uint8Array.of(first, time + 8 + idForm * 32 + integers * 64, ni1 + ni2 * 16));
  const images = new Map([[0, octetsIn(generalOctets(controls), order)], ...dimensionVectors.map((vector) => [vector.table, octetsIn(vector.octets, order)] as const)]);
  const image = octetsIn(octets, order);
  expect(new BothCodecs(images).of(table, image, value)).toEqual(agreed(image, value));
}

const qualifiers = { DAY_OF_WEEK: 6, DST_FLAG: false, GMT_FLAG: false, TM_ZN_APPLIED_FLAG: false, DST_APPLIED_FLAG: false, DST_SUPPORTED_FLAG: false };

describe.each(["least first", "most first"] as const)("%s", (order) => {
  // 2026-11-21 07:05:09 is 1,795,244,709 s = 0x6B0142A5 and 29,920,745 min = 0x01C88DE9 since 1970; 2:00:00 is 7,200 s = 0x1C20.
  test.each([
    { time: 1, clock: "26 11 21 07 05 09", activation: "26 11 21 07 05", daily: "02 00 00", seconds: "" },
    { time: 2, clock: "1a 0b 15 07 05 09", activation: "1a 0b 15 07 05", daily: "02 00 00", seconds: "" },
    { time: 3, clock: "<01c88de9> 09", activation: "<01c88de9>", daily: "<00001c20>", seconds: "" },
    { time: 4, clock: "<6b0142a5>", activation: "<6b0142a5>", daily: "<00001c20>", seconds: ":09" },
  ])("[TDL-1] TM_FORMAT $time: LTIME_DATE, STIME_DATE and TIME in tables 52, 4 and 53", ({ time, clock, activation, daily, seconds }) => {
    holds(order, { time }, 52, `${clock} 06`, { CLOCK_CALENDAR: "2026-11-21T07:05:09", TIME_DATE_QUAL: qualifiers });
    holds(order, { time }, 4, `00*11 ${activation} 00 00*8`, {
      STANDARD_PENDING: [], MANUF_PENDING: [], LAST_ACTIVATION_DATE_TIME: `2026-11-21T07:05${seconds}`, NBR_PENDING_ACTIVATION: 0,
      PENDING_TABLES: [{
        EVENT: { EVENT_SELECT: { EVENT_CODE: 0, SELF_READ_FLAG: false, DEMAND_RESET_FLAG: false }, EVENT_STORAGE: "0000000000" },
        TABLE_SELECT: { TBL_PROC_NBR: 0, STD_VS_MFG: false, PENDING_FLAG: false, FLAG1: false, FLAG2: false, FLAG3: false },
      }],
    });
    holds(order, { time }, 53, `${daily} 3c <fe5c>`, { DST_TIME_EFF: "02:00:00", DST_TIME_AMT: 60, TIME_ZONE_OFFSET: -420 });
  });

  test("[TDL-1] TM_FORMAT 0: a meter without a clock has no times at all", () => {
    holds(order, { time: 0 }, 52, "06", { TIME_DATE_QUAL: qualifiers });
    holds(order, { time: 0 }, 28, "<000010e1> <0001e240>", { PRESENT_DEMAND: [{ DEMAND_VALUE: 4_321 }], PRESENT_VALUE: [123_456] });
  });

  // 4.5 = 1.125 × 2²: exponents 129 and 1,025, first fraction bit but two. 12.5 in ten-thousandths is 125,000 = 0x1E848. −2 in 24, 40, 48 and 64 bits.
  test.each([
    [0, 4.5, "<4012000000000000>"],
    [1, 4.5, "<40900000>"],
    [2, -12.5, '"-12.5"12'],
    [3, 12.5, '"12.5"6'],
    [4, 12.5, "<0001e848>"],
    [5, 12.5, "00 00 00 12 50 00"],
    [6, 12.5, "00 12 50 00"],
    [7, -2, "<fffffe>"],
    [8, -2, "<fffffffe>"],
    [9, -2, "<fffffffffe>"],
    [10, 1_099_511_627_776, "<010000000000>"],
    [11, 9_007_199_254_740_993n, "<0020000000000001>"],
    [12, 12.5, "00 00 00 00 00 12 50 00"],
    [13, -12.5, '"-12.5"21'],
  ])("[TDL-1] NI_FORMAT %i holds %s as it was worked out by hand, in both of its places", (form, number, octets) => {
    holds(order, { ni1: form }, 28, `000000 <00000001> ${octets}`, { PRESENT_DEMAND: [{ TIME_REMAINING: "00:00:00", DEMAND_VALUE: 1 }], PRESENT_VALUE: [number] });
    holds(order, { ni2: form }, 28, `000000 ${octets} <00000001>`, { PRESENT_DEMAND: [{ TIME_REMAINING: "00:00:00", DEMAND_VALUE: number }], PRESENT_VALUE: [1] });
  });

  // 420 = 0x01A4: its complement 0xFE5B; with the sign bit 0x81A4.
  test.each([[0, "<fe5c>"], [1, "<fe5b>"], [2, "<81a4>"]])("[TDL-1] INT_FORMAT %i writes −420 as %s", (integers, octets) => {
    holds(order, { integers }, 53, `020000 3c ${octets}`, { DST_TIME_EFF: "02:00:00", DST_TIME_AMT: 60, TIME_ZONE_OFFSET: -420 });
  });

  test.each([[1, "5a7572696368", "Zurich"], [2, "5afc72696368", "Zürich"], [3, "5ac3bc72696368", "Zürich"]])("[TDL-1] CHAR_FORMAT %i: %s is %s", (characters, octets, text) => {
    holds(order, { characters }, 5, `${octets} 20*${20 - octets.length / 2}`, { IDENTIFICATION: text });
  });

  // U+00FC and U+1F600: D83D DE00 in UTF-16 (1F600 − 10000 = F600: D800 + 3D, DC00 + 200). IDENTIFICATION has 20 octets: ten units or five.
  test.each([
    [4, "<005a> <00fc> <0072> <0069> <0063> <0068> <0020> <0020> <0020> <0020>", "Zürich"],
    [4, "<d83d> <de00> <0041> <0020> <0020> <0020> <0020> <0020> <0020> <0020>", "\u{1f600}A"],
    [5, "<0000005a> <000000fc> <0001f600> <00000020> <00000020>", "Zü\u{1f600}"],
  ])("[TDL-1] CHAR_FORMAT %i: %s is %s", (characters, octets, text) => {
    holds(order, { characters }, 5, octets, { IDENTIFICATION: text });
  });

  test("[TDL-1] ID_FORM 1: identifications are ten octets of BCD, the serial number eight", () => {
    holds(order, { idForm: 1 }, 5, "00*6 00 12 34 56", { IDENTIFICATION: "00000000000000123456" });
    holds(order, { idForm: 1 }, 1, '"MSMT"4 "RX-2S"8 01 00 01 00 00*5 12 34 56', {
      MANUFACTURER: "MSMT", ED_MODEL: "RX-2S", HW_VERSION: 1, HW_REVISION: 0, FW_VERSION: 1, FW_REVISION: 0, MFG_SERIAL_NUMBER: "0000000000123456",
    });
  });
});
