import { items } from "../cbor-reader.ts";
import { badImage } from "../images-error.ts";

/** No table is larger than a partial write can address. */
export const largestTable = 65_535;

/**
 * A mask as it travels: count and value of each run of equal octets, one after another: `[3, 255, 1, 15]` is `ff ff ff 0f`. Neighbouring runs differ, so one
 * mask has one form.
 */
export function runsOf(mask: Uint8Array): number[] {
  const runs: number[] = [];
  for (let at = 0; at < mask.length; ) {
    const octet = mask[at] ?? 0;
    let end = at + 1;
    while (end < mask.length && mask[end] === octet) end++;
    runs.push(end - at, octet);
    at = end;
  }
  return runs;
}

/** Throws `bad-image`. */
export function maskFromRuns(value: unknown, place: string): Uint8Array {
  const runs = items.array(value, place);
  if (runs.length === 0 || runs.length % 2 !== 0) throw badImage(place, "expected pairs of count and value");
  const parts: { count: number; octet: number }[] = [];
  let length = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const count = items.unsigned(runs[i], place, 1, largestTable);
    const octet = items.unsigned(runs[i + 1], place, 0, 0xff);
    if (parts.at(-1)?.octet === octet) throw badImage(place, "two neighbouring runs have one value");
    parts.push({ count, octet });
    length += count;
    if (length > largestTable) throw badImage(place, `longer than ${largestTable} octets`);
  }
  const mask = new Uint8Array(length);
  let at = 0;
  for (const { count, octet } of parts) mask.fill(octet, at, (at += count));
  return mask;
}
