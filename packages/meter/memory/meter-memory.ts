/**
 * The meter's non-volatile memory: records by key (`table/54`, `clock`, `registers`, `lockout`). `write` returns when the bytes
 * would survive a loss of power, or throws; the meter acknowledges nothing before that.
 */
export interface MeterMemory {
  read(key: string): Uint8Array | undefined;
  write(key: string, bytes: Uint8Array): void;
}

/** Memory that lives as long as the object: hand it to a second meter to restart the first. */
export function memoryInRam(): MeterMemory {
  const records = new Map<string, Uint8Array>();
  return {
    read: (key) => records.get(key)?.slice(),
    write(key, bytes) {
      const before = records.get(key);
      if (before?.length === bytes.length) before.set(bytes);
      else records.set(key, bytes.slice());
    },
  };
}
