import { pagesInRam, type PageStore } from "../flash/page-store.ts";

/**
 * The meter's memory for what changes often: records by key (`clock`, `registers`, `lockout`). `write` returns when the bytes
 * would survive a loss of power, or throws; the meter acknowledges nothing before that.
 */
export interface MeterMemory {
  read(key: string): Uint8Array | undefined;
  write(key: string, bytes: Uint8Array): void;
}

/** All non-volatile memory of a meter: those records, and the pages of its flash device (configuration, firmware, images as they come). */
export interface MeterStorage extends MeterMemory {
  readonly pages: PageStore;
}

/** Memory that lives as long as the object: hand it to a second meter to restart the first. */
export function memoryInRam(): MeterStorage {
  const records = new Map<string, Uint8Array>();
  return {
    pages: pagesInRam(),
    read: (key) => records.get(key)?.slice(),
    write(key, bytes) {
      const before = records.get(key);
      if (before?.length === bytes.length) before.set(bytes);
      else records.set(key, bytes.slice());
    },
  };
}
