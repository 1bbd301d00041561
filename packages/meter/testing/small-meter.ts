import type { ImageDraft } from "@metersmith/images";
import type { TableId } from "@metersmith/tables";
import { FlashChip } from "../flash/flash-chip.ts";
import type { Flash } from "../flash/flash.ts";
import * as images from "../sweep/small-images.ts";
import { smallFactory } from "../sweep/small-layout.ts";
import { SmallMeter, type SmallMeterOptions } from "../sweep/small-meter.ts";
import { models } from "./bench.ts";

const model = models["rx-2s"];

export function smallMeter(flash: Flash, options: SmallMeterOptions = {}): SmallMeter {
  return new SmallMeter(model, flash, options);
}

export function smallProgram(octet: number, change: Partial<ImageDraft> = {}, procedures: readonly number[] = [3]): Promise<Uint8Array> {
  return images.smallProgram(model, octet, change, procedures);
}

export function filled(table: TableId, octet: number): Uint8Array {
  return images.filled(model, table, octet);
}

/** Of the small geometry, as the factory made it. */
export function fresh(): FlashChip {
  return new FlashChip(smallFactory.kind);
}
