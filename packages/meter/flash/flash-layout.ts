import { FlashRegion } from "./flash-region.ts";
import type { Flash } from "./flash.ts";
import type { FlashGeometry } from "./geometry.ts";

export interface PageSpan {
  readonly first: number;
  readonly pages: number;
}

/** What lies where on a meter's flash device. The protected area, with boot and swap routine, is what the geometry protects. */
export interface FlashLayout {
  readonly geometry: FlashGeometry;
  /** State of an update, the flag that restarts a copy among it: two areas. */
  readonly state: readonly [PageSpan, PageSpan];
  /** Configuration: two banks. */
  readonly banks: readonly [PageSpan, PageSpan];
  /** Program memory: the firmware that runs. */
  readonly program: PageSpan;
  /** As large: the firmware that ran before, until the new one is confirmed. */
  readonly reserve: PageSpan;
  /** Non-volatile buffer, for an image as it comes. */
  readonly buffer: PageSpan;
}

/** 280 KiB. Firmware of 64 KiB fits, and an image of it in the buffer. */
export const boardFlash: FlashLayout = {
  geometry: { pages: 70, pageSize: 4096, unit: 64, endurance: 10_000, protectedPages: 4 },
  state: [{ first: 4, pages: 1 }, { first: 5, pages: 1 }],
  banks: [{ first: 6, pages: 4 }, { first: 10, pages: 4 }],
  program: { first: 14, pages: 17 },
  reserve: { first: 31, pages: 17 },
  buffer: { first: 48, pages: 22 },
};

export function regionOf(flash: Flash, { first, pages }: PageSpan): FlashRegion {
  return new FlashRegion(flash, first, pages);
}

export function regionsOf(flash: Flash, [one, other]: readonly [PageSpan, PageSpan]): readonly [FlashRegion, FlashRegion] {
  return [regionOf(flash, one), regionOf(flash, other)];
}
