import { expect } from "vitest";
import { ascii, type BenchMeter } from "./bench.ts";
import { exampleCalendar } from "./raw-calendar.ts";

/** The pieces of a whole program of rx-2s as octets by the facts, in the order in which a client writes them. */
export const rawProgram: readonly { readonly table: number; readonly offset: number; readonly bytes: Uint8Array }[] = [
  // UOM u32: entry 0 W, dial reading, all quadrants; entry 1 W, block average demand (TIME_BASE 4).
  { table: 12, offset: 0, bytes: Uint8Array.of(0x00, 0xc0, 0x03, 0x00, 0x00, 0xc4, 0x03, 0x00) },
  // One demand interval of 15 minutes.
  { table: 13, offset: 0, bytes: Uint8Array.of(15, 0) },
  // Source 0: UOM. Source 1: UOM and demand control.
  { table: 16, offset: 0, bytes: Uint8Array.of(0x01, 0x03) },
  // Summation 0 from source 0, summation 1 from none, demand 0 from source 1, maximum.
  { table: 22, offset: 0, bytes: Uint8Array.of(0, 255, 1, 0x01) },
  { table: 53, offset: 0, bytes: Uint8Array.of(2, 0, 0, 60, -360 & 0xff, (-360 >> 8) & 0xff) },
  { table: 54, offset: 0, bytes: exampleCalendar("rx-2s") },
  // TARIFF_ID at 20 × 7 + 10 × 3 = 170.
  { table: 6, offset: 170, bytes: ascii("TOU-TEST") },
];

export function writeRawProgram(bench: BenchMeter): void {
  const session = bench.session("programmer");
  for (const { table, offset, bytes } of rawProgram) expect(session.writeOffset(table, offset, bytes), `table ${table}`).toBe("ok");
}
