import { FlashChip, type FlashKind } from "../flash/flash-chip.ts";
import { blankPage } from "../flash/flash-page.ts";
import type { FlashGeometry } from "../flash/geometry.ts";
import { smallGeometry } from "../sweep/small-layout.ts";

export function flashKind(geometry: FlashGeometry = smallGeometry): FlashKind {
  return { geometry, factory: new Map(), blank: blankPage(geometry) };
}

export function smallChip(kind = flashKind()): FlashChip {
  return new FlashChip(kind);
}
