/**
 * Where the pages of one flash device outlive the host's process: those that are no longer as the factory made them, each as octets that the device alone reads.
 */
export interface PageStore {
  load(): ReadonlyMap<number, Uint8Array>;
  /** Durable on return, all of them or none; or throws. */
  save(pages: ReadonlyMap<number, Uint8Array>): void;
}

/** Lives as long as the object: hand it to a second meter to restart the first. */
export function pagesInRam(): PageStore {
  const kept = new Map<number, Uint8Array>();
  return {
    load: () => new Map(kept),
    save: (pages) => pages.forEach((bytes, page) => kept.set(page, bytes.slice())),
  };
}
