/** The card's own non-volatile memory. Durable on return, all of a call or nothing; a port. */
export interface CardMemory {
  read(key: string): Uint8Array | undefined;
  write(key: string, octets: Uint8Array): void;
  /** Forgets every record whose key begins so. */
  clear(prefix: string): void;
}

export function cardMemoryInRam(): CardMemory {
  const kept = new Map<string, Uint8Array>();
  return {
    read: (key) => kept.get(key)?.slice(),
    write: (key, octets) => void kept.set(key, octets.slice()),
    clear(prefix) {
      for (const key of kept.keys()) if (key.startsWith(prefix)) kept.delete(key);
    },
  };
}
