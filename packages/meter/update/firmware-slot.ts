import { equalBytes } from "@metersmith/base/bytes";
import { crc32 } from "@metersmith/base/crc32";
import { sha256 } from "@noble/hashes/sha2.js";
import { taken } from "../flash/flash-failure.ts";
import type { FlashRegion } from "../flash/flash-region.ts";

/** Firmware as it lies in program memory or in the reserve. */
export interface SlotContent {
  /** Name, up to 24 ASCII characters. */
  readonly id: string;
  /** 256 × version + revision. */
  readonly version: number;
  readonly module: Uint8Array;
}

/**
 * A slot's head: mark `MSFW` (4), octets of the module (4), version (2), length of the name (1), name (24), SHA-256 over the module (32), CRC-32 over all these
 * (4); most significant octet first. The module begins with the next unit. The head is written last: a slot without one is empty.
 */
const mark = 0x4d534657;
const nameAt = 11;
const longestName = 24;
const digestAt = nameAt + longestName;
const checkAt = digestAt + 32;
const headLength = checkAt + 4;

/** Undefined where the slot is not whole. */
export function readSlot(slot: FlashRegion): SlotContent | undefined {
  const head = slot.read(0, headLength);
  const view = new DataView(head.buffer);
  const size = view.getUint32(4);
  const nameLength = head[nameAt - 1] ?? 0;
  if (view.getUint32(0) !== mark || view.getUint32(checkAt) !== crc32(head.subarray(0, checkAt))) return undefined;
  if (nameLength > longestName || size > slotRoom(slot)) return undefined;
  const module = slot.read(slot.room(headLength), size);
  if (!equalBytes(sha256(module), head.subarray(digestAt, checkAt))) return undefined;
  return { id: new TextDecoder().decode(head.subarray(nameAt, nameAt + nameLength)), version: view.getUint16(8), module };
}

/** Erases what it needs of the slot and writes it. Whether the slot then reads as that. */
export function writeSlot(slot: FlashRegion, { id, version, module }: SlotContent): boolean {
  const start = slot.room(headLength);
  if (module.length > slotRoom(slot)) return false;
  const name = new TextEncoder().encode(id).subarray(0, longestName);
  const head = new Uint8Array(headLength);
  const view = new DataView(head.buffer);
  view.setUint32(0, mark);
  view.setUint32(4, module.length);
  view.setUint16(8, version);
  head[nameAt - 1] = name.length;
  head.set(name, nameAt);
  head.set(sha256(module), digestAt);
  view.setUint32(checkAt, crc32(head.subarray(0, checkAt)));
  const written = taken(() => {
    for (let page = 0; page * slot.pageSize < start + module.length; page++) slot.erasePage(page);
    const same = slot.write(start, module) && slot.write(0, head);
    slot.sync();
    return same;
  });
  const read = written ? readSlot(slot) : undefined;
  return read !== undefined && equalBytes(read.module, module);
}

/** Octets of the largest module that fits. */
export function slotRoom(slot: FlashRegion): number {
  return slot.length - slot.room(headLength);
}
