/** The most octets of each kind of metadata that is read: what the public clients allow by default, so that whatever one takes the others take. */
export const largest = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 } as const;
