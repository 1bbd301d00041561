import { concatBytes } from "@metersmith/base/bytes";
import { FlashChip, type FlashKind } from "../flash/flash-chip.ts";
import type { FlashLayout, PageSpan } from "../flash/flash-layout.ts";
import { regionOf } from "../flash/flash-layout.ts";
import { blankPage, type FlashPage } from "../flash/flash-page.ts";
import { FlashRegion } from "../flash/flash-region.ts";
import { SharedPages } from "../flash/shared-pages.ts";
import { writeSlot, type SlotContent } from "./firmware-slot.ts";
import { SharedModules } from "./shared-modules.ts";

/** What meters of one model share of their flash. */
export interface FactoryFlash {
  readonly kind: FlashKind;
  readonly layout: FlashLayout;
  readonly modules: SharedModules;
}

/** Flash as it leaves the factory: the protected area and the firmware are there, everything else is blank. */
export function factoryFlash(layout: FlashLayout, firmware: SlotContent): FactoryFlash {
  const geometry = { ...layout.geometry, protectedPages: 0 };
  const blank = blankPage(geometry);
  // In the factory nothing is protected yet.
  const chip = new FlashChip({ geometry, blank, factory: new Map() });
  new FlashRegion(chip, 0, layout.geometry.protectedPages).write(0, protectedContent(layout));
  if (!writeSlot(regionOf(chip, layout.program), firmware)) throw new TypeError(`firmware of ${firmware.module.length} octets does not fit the program memory`);
  const factory = new Map<number, FlashPage>();
  for (let page = 0; page < geometry.pages; page++) if (chip.holds(page) !== blank) factory.set(page, chip.holds(page));
  return { kind: { geometry: layout.geometry, blank, factory, shared: new SharedPages() }, layout, modules: new SharedModules() };
}

/** What stands for boot and swap routine: their name, and the addresses that they work with, so that no download can move these. */
export function protectedContent({ state, banks, program, reserve, buffer }: FlashLayout): Uint8Array {
  const spans: readonly PageSpan[] = [...state, ...banks, program, reserve, buffer];
  const addresses = new Uint8Array(spans.length * 4);
  const view = new DataView(addresses.buffer);
  for (const [index, { first, pages }] of spans.entries()) {
    view.setUint16(index * 4, first);
    view.setUint16(index * 4 + 2, pages);
  }
  return concatBytes(new TextEncoder().encode("MSMT boot, swap routine 1"), addresses);
}
