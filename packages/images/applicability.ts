import { equalBytes } from "@metersmith/base/bytes";
import type { Inventory } from "./inventory/inventory.ts";
import { reviewedDigest } from "./inventory/reviewed-table.ts";
import type { EpochSeconds, Manifest } from "./manifest/manifest.ts";
import { inRange, releaseText, type Release, type ReleaseRange } from "./manifest/release.ts";

/** What a meter knows of itself when it is offered an image. */
export interface MeterSituation {
  readonly deviceType: string;
  /** HW_VERSION and HW_REVISION of table 1. */
  readonly hardware: Release;
  /** FW_VERSION and FW_REVISION of table 1. */
  readonly firmware: Release;
  /** The counter kept for the image's kind: nothing below is taken. */
  readonly counter: number;
  /** Undefined where the clock is not set. */
  readonly now: EpochSeconds | undefined;
  /** Whose meter it is; undefined where nobody has told it. */
  readonly audience?: string;
  /** Whether images marked for test are taken. */
  readonly inTest: boolean;
}

/** Why an image is not for this meter. `code` is stable. */
export interface Refusal {
  readonly code: "device-type" | "hardware" | "firmware" | "counter" | "clock" | "expired" | "audience" | "test" | "table-changed" | "table-missing";
  /** The manifest's field, or the table. */
  readonly place: string;
  readonly reason: string;
}

/** All reasons against the image as far as its manifest tells: enough to refuse it before the rest is sent. Empty = none. */
export function manifestRefusals(manifest: Manifest, meter: MeterSituation): readonly Refusal[] {
  const found: Refusal[] = [];
  const refuse = (code: Refusal["code"], place: string, reason: string): void => void found.push({ code, place, reason });
  if (manifest.deviceType !== meter.deviceType) refuse("device-type", "deviceType", `the image is for ${manifest.deviceType}, this meter is ${meter.deviceType}`);
  if (!inRange(meter.hardware, manifest.hardware)) refuse("hardware", "hardware", `the image is for hardware ${rangeText(manifest.hardware)}, this meter has ${releaseText(meter.hardware)}`);
  if (!inRange(meter.firmware, manifest.firmware)) refuse("firmware", "firmware", `the image is for firmware ${rangeText(manifest.firmware)}, this meter runs ${releaseText(meter.firmware)}`);
  if (manifest.counter < meter.counter) refuse("counter", "counter", `the image's counter is ${manifest.counter}, this meter takes none below ${meter.counter}`);
  if (meter.now === undefined) refuse("clock", "expiry", "this meter's clock is not set, so it cannot tell whether the image has expired");
  else if (meter.now >= manifest.expiry) refuse("expired", "expiry", `the image expired ${meter.now - manifest.expiry} s ago`);
  if (manifest.audience !== undefined && manifest.audience !== meter.audience) {
    refuse("audience", "audience", `the image is for the meters of ${manifest.audience}, this one is ${meter.audience === undefined ? "nobody's yet" : `of ${meter.audience}`}`);
  }
  if (manifest.test && !meter.inTest) refuse("test", "test", "the image is marked for test, and this meter is not in test");
  return found;
}

/** The tables that are no longer what the image was reviewed against. `imageOf` gives a table as it reads now. Empty = none. */
export function reviewRefusals(inventory: Inventory, imageOf: (table: number) => Uint8Array | undefined): readonly Refusal[] {
  return inventory.reviewed.flatMap(({ table, mask, digest }): Refusal[] => {
    const place = `table ${table}`;
    const bytes = imageOf(table);
    if (!bytes) return [{ code: "table-missing", place, reason: "the image was reviewed against this table, and the meter has none" }];
    const now = reviewedDigest(bytes, mask);
    if (!now) return [{ code: "table-changed", place, reason: `${mask.length} octets were reviewed, the meter has ${bytes.length}` }];
    if (equalBytes(now, digest)) return [];
    return [{ code: "table-changed", place, reason: "its octets are not those that were reviewed" }];
  });
}

function rangeText({ least, most }: ReleaseRange): string {
  return `${releaseText(least)} to ${releaseText(most)}`;
}
