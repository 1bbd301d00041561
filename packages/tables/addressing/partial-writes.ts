import { TablesError } from "../tables-error.ts";

/** Octets that go to an offset of a table. */
export interface PartialWrite {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * The offset writes that turn `current` into `target` with the fewest octets on the wire, in ascending order: two differences are joined
 * where sending what lies between costs no more than another write. `overheadBytes`: what a write costs beyond its data. In C12.18, with
 * everything in one packet: service and checksum 9, packet 8, answer 9, acknowledgements 2. Throws `mask-length` where the lengths differ.
 */
export function partialWrites(current: Uint8Array, target: Uint8Array, overheadBytes = 28): PartialWrite[] {
  if (current.length !== target.length) {
    throw new TablesError("misuse", "mask-length", `A table of ${current.length} octets cannot become one of ${target.length}.`, { expected: current.length, actual: target.length });
  }
  const writes: PartialWrite[] = [];
  let first = -1;
  let last = -1;
  const close = (): void => {
    if (first >= 0) writes.push({ offset: first, bytes: target.slice(first, last + 1) });
  };
  for (let i = 0; i < target.length; i++) {
    if (current[i] === target[i]) continue;
    if (first < 0 || i - last - 1 > overheadBytes) {
      close();
      first = i;
    }
    last = i;
  }
  close();
  return writes;
}
