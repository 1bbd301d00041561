import type { FlashGeometry } from "./geometry.ts";

/** A flash device as the board sees it. Addresses count octets from 0. */
export interface Flash {
  readonly geometry: FlashGeometry;
  /** A copy. */
  read(at: number, length: number): Uint8Array<ArrayBuffer>;
  /**
   * Programs one whole unit at its address. Throws `flash-misuse` where the unit was programmed, or its programming or erasing was begun, since its page was
   * last erased as a whole, and in the protected area.
   */
  program(at: number, bytes: Uint8Array): void;
  /** Erases one page: every octet reads ff. Throws `flash-misuse` in the protected area. */
  erase(page: number): void;
  /** What was done is durable on return; until then the host's failure may take back the newest operations, never one before another. */
  sync(): void;
}
