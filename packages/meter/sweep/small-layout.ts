import { version1 } from "../firmware/images.generated.ts";
import type { FlashLayout } from "../flash/flash-layout.ts";
import type { FlashGeometry } from "../flash/geometry.ts";
import { factoryFlash } from "../update/factory-flash.ts";

/** Eight pages of 1 KiB, units of 64 octets; page 0 is protected. */
export const smallGeometry: FlashGeometry = { pages: 8, pageSize: 1024, unit: 64, endurance: 1000, protectedPages: 1 };

/** One page for everything, two for what is there twice. */
export const smallLayout: FlashLayout = {
  geometry: smallGeometry,
  state: [{ first: 1, pages: 1 }, { first: 2, pages: 1 }],
  banks: [{ first: 3, pages: 1 }, { first: 4, pages: 1 }],
  program: { first: 5, pages: 1 },
  reserve: { first: 6, pages: 1 },
  buffer: { first: 7, pages: 1 },
};

/** Firmware of version 1 is in it. */
export const smallFactory = factoryFlash(smallLayout, { id: "metrology", version: 0x0100, module: version1 });
