import { fromHex } from "@metersmith/base/bytes";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";

/**
 * Two small meters whose tables were put together by hand from the public facts on them, octet by octet: nothing here comes
 * from our own encoder. They differ in data order, time form, number forms and in whether energy and demand have tiers of their own.
 */

// Octets 13-18: 7 octets of standard tables, none of manufacturer's, 2 of standard procedures, none of manufacturer's, no status, no pending.
const sizes = "07 00 02 00 00 00";
// Tables 0 1 3 5 6 7 8 | 8 11 12 13 | 16 21 22 23 | - | - | 41 42 44 | 51-55: member k is bit k mod 8 of octet k / 8.
const used = "eb 39 e1 00 00 16 f8";
// Procedures 3 and 10.
const procedures = "08 04";
// Tables 6 7 12 13 16 22 53 54.
const writable = "c0 30 41 00 00 00 60";
// DEVICE_CLASS MSMT, electric, no default set, at most 24 and 16 octets of procedure data, edition 2.
const fixed = "4d 53 4d 54 02 00 18 10 02 00";

export const leastFirst = {
  // DATA_ORDER 0, CHAR_FORMAT 1 → 02; TM_FORMAT 2, offset access → 02 + 08; NI formats 8 and 8.
  0: fromHex(`02 0a 88 ${fixed} ${sizes} ${used} ${procedures} ${writable}`),
  // BLOCK_DEMAND; 2 units, 1 demand control, electric constants, 2 sources.
  11: fromHex("04 02 01 00 00 00 02 02"),
  // Season, date and time, reset counter, cumulative demand (1 + 2 + 4 + 16); 2 summations, 1 demand, 1 occurrence, 1 tier.
  21: fromHex("17 00 00 02 01 00 01 01 00 00"),
  // 2 passwords of 4 octets, 1 permission.
  41: fromHex("02 04 00 00 01 00"),
  // CAP_DST_AUTO + CAP_TM_ZN_OFFSET; 2 seasons, 1 special schedule; 2 dates, 1 recurring date, 2 switches; 23 octets of calendar.
  51: fromHex("00 11 12 02 01 02 00 17 00"),
} as const;

export const mostFirst = {
  // DATA_ORDER 1 → 03; TM_FORMAT 4 → 0c; NI formats 10 (INT48) and 1 (FLOAT32).
  0: fromHex(`03 0c 1a ${fixed} ${sizes} ${used} ${procedures} ${writable}`),
  11: fromHex("04 02 01 00 00 00 02 02"),
  21: fromHex("17 00 00 02 01 00 01 01 00 00"),
  41: fromHex("02 04 00 00 00 01"),
  // The same and SEPARATE_SUM_DEMANDS.
  51: fromHex("00 15 12 02 01 00 02 00 17"),
} as const;

export function contextOf(images: Readonly<Record<number, Uint8Array>>): MeterContext {
  return MeterContext.of(standardDefinitions, new Map(Object.entries(images).map(([table, bytes]) => [Number(table), bytes])));
}

export const leastFirstMeter = (): MeterContext => contextOf(leastFirst);
export const mostFirstMeter = (): MeterContext => contextOf(mostFirst);
