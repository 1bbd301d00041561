import { FlashChip, type FlashKind } from "../flash/flash-chip.ts";
import { blankPage } from "../flash/flash-page.ts";
import type { FlashGeometry } from "../flash/geometry.ts";

/** Eight pages of 1 KiB, units of 64 octets; page 0 is protected. */
export const smallGeometry: FlashGeometry = { pages: 8, pageSize: 1024, unit: 64, endurance: 1000, protectedPages: 1 };

export function flashKind(geometry: FlashGeometry = smallGeometry): FlashKind {
  return { geometry, factory: new Map(), blank: blankPage(geometry) };
}

export function smallChip(kind = flashKind()): FlashChip {
  return new FlashChip(kind);
}
