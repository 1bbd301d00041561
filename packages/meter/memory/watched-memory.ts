import type { MeterMemory } from "./meter-memory.ts";

/** The memory; what it fails to write, `failed` is told. */
export function watchedMemory(memory: MeterMemory, failed: () => void): MeterMemory {
  return {
    read: (key) => memory.read(key),
    write(key, bytes) {
      try {
        memory.write(key, bytes);
      } catch (error) {
        failed();
        throw error;
      }
    },
  };
}
