import { crc32 } from "@metersmith/base/crc32";
import type { FlashRegion } from "../flash/flash-region.ts";

/**
 * A record in flash, from the beginning of a unit: mark (1), kind (1), octets of its content (2), generation of the area (4), CRC-32 over these and the content
 * (4), content. Most significant octet first. Neither a blank unit nor one of zeros is a record: the mark is neither ff nor 00.
 */
export interface LogRecord {
  readonly kind: RecordKind;
  readonly generation: number;
  readonly content: Uint8Array;
}

export const recordKind = { data: 1, seal: 2, secondSeal: 3 } as const;
export type RecordKind = (typeof recordKind)[keyof typeof recordKind];

export const recordHead = 12;
export const longestContent = 0xffff;
const mark = 0x4d;
const checked = 8;

export function encodeRecord({ kind, generation, content }: LogRecord): Uint8Array {
  const record = new Uint8Array(recordHead + content.length);
  const view = new DataView(record.buffer);
  record[0] = mark;
  record[1] = kind;
  view.setUint16(2, content.length);
  view.setUint32(4, generation);
  record.set(content, recordHead);
  view.setUint32(checked, crc32(content, crc32(record.subarray(0, checked))));
  return record;
}

/** Undefined where no whole record begins there. */
export function recordAt(region: FlashRegion, at: number): LogRecord | undefined {
  const head = region.read(at, recordHead);
  if (head.length < recordHead || head[0] !== mark) return undefined;
  const view = new DataView(head.buffer);
  const kind = head[1];
  if (kind !== recordKind.data && kind !== recordKind.seal && kind !== recordKind.secondSeal) return undefined;
  const content = region.read(at + recordHead, view.getUint16(2));
  if (content.length !== view.getUint16(2)) return undefined;
  if (crc32(content, crc32(head.subarray(0, checked))) !== view.getUint32(checked)) return undefined;
  return { kind, generation: view.getUint32(4), content };
}
