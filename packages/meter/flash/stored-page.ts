import type { FlashPage } from "./flash-page.ts";
import { erased, type FlashGeometry } from "./geometry.ts";

/** Octets in front of a stored page: erasures (4), number of unstable octets (2); of each, its offset (4) and mask (1). */
const headLength = 6;
const unstableLength = 5;

/** A page and how often it was erased, for a `PageStore`: head, unstable octets, one octet for each unit, the page without the blank octets at its end. Most significant octet first. */
export function storedPage(page: FlashPage, erasures: number): Uint8Array {
  const unstable = [...(page.unstable ?? [])];
  const start = headLength + unstable.length * unstableLength;
  const bytes = page.bytes.subarray(0, page.bytes.findLastIndex((octet) => octet !== erased) + 1);
  const stored = new Uint8Array(start + page.begun.length + bytes.length);
  const view = new DataView(stored.buffer);
  view.setUint32(0, erasures);
  view.setUint16(4, unstable.length);
  for (const [index, [offset, mask]] of unstable.entries()) {
    view.setUint32(headLength + index * unstableLength, offset);
    view.setUint8(headLength + index * unstableLength + 4, mask);
  }
  stored.set(page.begun, start);
  stored.set(bytes, start + page.begun.length);
  return stored;
}

/** Undefined where the octets are none of a page of this geometry. */
export function pageFrom(stored: Uint8Array, { pageSize, unit }: FlashGeometry): { readonly page: FlashPage; readonly erasures: number } | undefined {
  if (stored.length < headLength) return undefined;
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  const count = view.getUint16(4);
  const start = headLength + count * unstableLength;
  const units = pageSize / unit;
  if (stored.length < start + units || stored.length > start + units + pageSize) return undefined;
  const unstable = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const offset = view.getUint32(headLength + index * unstableLength);
    if (offset >= pageSize) return undefined;
    unstable.set(offset, view.getUint8(headLength + index * unstableLength + 4));
  }
  const bytes = new Uint8Array(pageSize).fill(erased);
  bytes.set(stored.subarray(start + units));
  const page = { bytes, begun: stored.slice(start, start + units) };
  return { page: count === 0 ? page : { ...page, unstable }, erasures: view.getUint32(0) };
}
