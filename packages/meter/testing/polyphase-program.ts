import { expect } from "vitest";
import { ascii, bytesOf, type BenchMeter } from "./bench.ts";

/** UOM u32 by the facts: Q1–Q4 are bits 14–17, NET_FLOW 18, SEGMENTATION 19–21 (6: B to neutral), TIME_BASE 8–10 (4: block demand), MULTIPLIER 0. */
const units = {
  delivered: 0x0002_4000, received: 0x0001_8000, net: 0x0007_c000, lagging: 0x0000_4001, apparent: 0x0002_4002, phaseB: 0x0032_4000,
  demand: 0x0002_4400, apparentDemand: 0x0002_4402, laggingDemand: 0x0000_4401,
};

/** The highest demand in watts, and the highest or lowest in volt-amperes; reactive power at the time of the first. */
export interface PolyphaseProgram {
  readonly calendar: Uint8Array;
  /** RESET_EXCLUSION, P_FAIL_RECOGNTN_TM, P_FAIL_EXCLUSION, COLD_LOAD_PICKUP. */
  readonly exclusions?: readonly [number, number, number, number];
  /** Of each of the four entries of table 13, as octets. */
  readonly interval?: readonly [number, number];
  readonly lowest?: boolean;
}

/** Writes a program of px-9s octet by octet: energy in Wh, demand in W. */
export function writePolyphaseProgram(bench: BenchMeter, { calendar, exclusions = [0, 0, 0, 0], interval = [15, 0], lowest = false }: PolyphaseProgram): void {
  const rows = new DataView(new ArrayBuffer(9 * 4));
  for (const [index, unit] of Object.values(units).entries()) rows.setUint32(index * 4, unit, true);
  const session = bench.session("programmer");
  const pieces: readonly (readonly [number, number, Uint8Array])[] = [
    [12, 0, new Uint8Array(rows.buffer)],
    [13, 0, Uint8Array.from([...exclusions, ...interval, ...interval, ...interval, ...interval])],
    [16, 0, Uint8Array.of(1, 1, 1, 1, 1, 1, 3, 3, 3)],
    [22, 0, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, lowest ? 1 : 3, 8, 0)],
    [53, 0, Uint8Array.of(2, 0, 0, 60, -360 & 0xff, (-360 >> 8) & 0xff)],
    [54, 0, calendar],
    [6, 170, ascii("MINUTES")],
  ];
  for (const [table, offset, bytes] of pieces) expect(session.writeOffset(table, offset, bytes), `table ${table}`).toBe("ok");
}

/** Procedure 10: prevailing time; the reading at UTC−6, one hour more with `daylight`. */
export function setPrevailing(bench: BenchMeter, daylight: boolean): void {
  const local = new Date(bench.clock.now() + (daylight ? -5 : -6) * 3_600_000);
  const session = bench.session("programmer");
  session.write(7, Uint8Array.of(10, 0, 1, 7, local.getUTCFullYear() - 2000, local.getUTCMonth() + 1, local.getUTCDate(), local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds(), 0x20 | 0x80 | (daylight ? 0x48 : 0) | 7));
  expect(bytesOf(session.read(8))[3]).toBe(0);
}

export interface PolyphaseBlock {
  /** Delivered, received, net, lagging, apparent, phase B. */
  readonly energy: readonly number[];
  readonly demands: readonly { readonly at: string; readonly cumulative: number; readonly value: number }[];
  readonly coincident: number;
}

/** Registers of px-9s by hand from `at` of a table: resets u8, then the total and four tiers of 54 octets: 6 × INT32; 2 × (YY MM DD hh mm, INT32, INT32); INT32. */
export function polyphaseRegisters(bytes: Uint8Array, at = 0): { resets: number; blocks: PolyphaseBlock[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 271);
  const two = (place: number): string => String(view.getUint8(place)).padStart(2, "0");
  const blocks = [0, 1, 2, 3, 4].map((index) => 1 + index * 54).map((block) => ({
    energy: [0, 1, 2, 3, 4, 5].map((place) => view.getInt32(block + place * 4, true)),
    demands: [0, 1].map((place) => block + 24 + place * 13).map((demand) => ({
      at: `20${two(demand)}-${two(demand + 1)}-${two(demand + 2)} ${two(demand + 3)}:${two(demand + 4)}`,
      cumulative: view.getInt32(demand + 5, true), value: view.getInt32(demand + 9, true),
    })),
    coincident: view.getInt32(block + 50, true),
  }));
  return { resets: view.getUint8(0), blocks };
}
