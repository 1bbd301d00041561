import { toHex } from "@metersmith/base/bytes";
import { type ImageContent, type Inventory, type Manifest, pageCount, releaseOf, releaseText, type ReleaseRange } from "@metersmith/images";
import { tableNumber } from "@metersmith/tables";
import { columns } from "../output.ts";

/** A manifest as facts for scripts. */
export function manifestFacts(manifest: Manifest, keyId: Uint8Array) {
  const { hardware, firmware, activation, expiry, audience, root, ...rest } = manifest;
  return {
    ...rest, keyId: toHex(keyId), hardware: rangeText(hardware), runs: rangeText(firmware), activation: activation === undefined ? null : timeText(activation), expiry: timeText(expiry),
    audience: audience ?? null, pages: pageCount(manifest), root: toHex(root),
  };
}

export function contentFacts(content: ImageContent) {
  if (content.kind === "firmware") return { octets: content.module.length };
  return { steps: content.steps.map((step) => (step.do === "write" ? { do: step.do, table: step.table, octets: step.mask.filter((octet) => octet !== 0).length, of: step.mask.length } : { do: step.do, procedure: step.procedure, parameter: step.parameter })) };
}

export function inventoryFacts({ reviewed }: Inventory) {
  return { reviewed: reviewed.map(({ table, mask, digest }) => ({ table, octets: mask.length, digest })) };
}

/** An image in lines for people. */
export function imageText(manifest: Manifest, keyId: Uint8Array, inventory: Inventory, content: ImageContent): string[] {
  const { kind, id, version } = manifest;
  return [
    ...columns([
      [kind, `${id} ${kind === "firmware" ? releaseText(releaseOf(version)) : `version ${version}`}${manifest.test ? "  FOR METERS IN TEST" : ""}`],
      ["for", `${manifest.deviceType}, hardware ${rangeText(manifest.hardware)}, running firmware ${rangeText(manifest.firmware)}${manifest.audience === undefined ? "" : `, meters of ${manifest.audience}`}`],
      ["counter", String(manifest.counter)],
      ["active", manifest.activation === undefined ? "on command" : `from ${timeText(manifest.activation)}`],
      ["expires", timeText(manifest.expiry)],
      ["signed by", `key ${toHex(keyId)}`],
      ["payload", `${manifest.size} octets in ${pageCount(manifest)} pages of ${manifest.pageSize}`],
      ["reviewed", inventory.reviewed.length === 0 ? "against no tables" : `against tables ${inventory.reviewed.map(({ table }) => tableNumber(table)).join(", ")}`],
    ]),
    ...(content.kind === "firmware" ? [] : content.steps.map((step, at) => `  ${at + 1}. ${step.do === "write" ? `write table ${tableNumber(step.table)}, ${step.mask.filter((octet) => octet !== 0).length} of ${step.mask.length} octets` : `run procedure ${tableNumber(step.procedure)} with ${step.parameter.length} octets`}`)),
  ];
}

function rangeText({ least, most }: ReleaseRange): string {
  return `${releaseText(least)}-${releaseText(most)}`;
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
