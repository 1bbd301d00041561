import type { ReleaseRange } from "./release.ts";

/** What an image carries. Codes of the format: 1, 2; others are refused until they have a meaning. */
export type ImageKind = "program" | "firmware";

/** Seconds since 1970-01-01T00:00:00Z, whole. */
export type EpochSeconds = number;

/** What is signed: small enough for one frame, and enough to decide whether the rest is wanted. */
export interface Manifest {
  readonly kind: ImageKind;
  /** The device type's id, for example `rx-2s`. */
  readonly deviceType: string;
  /** Hardware that it is for, by table 1. */
  readonly hardware: ReleaseRange;
  /** Firmware that must be running for it to be taken, by table 1. */
  readonly firmware: ReleaseRange;
  /** The program's code or the firmware's name. */
  readonly id: string;
  /** 0–4294967295. Of firmware: 256 × FW_VERSION + FW_REVISION, as table 1 must show it afterwards. */
  readonly version: number;
  /** 0–4294967295. A meter takes no image whose counter is below the one it keeps for that kind. */
  readonly counter: number;
  /** Not to be activated before; absent = on command. */
  readonly activation?: EpochSeconds;
  /** Not to be taken or activated at this time or later. */
  readonly expiry: EpochSeconds;
  /** Whose meters it is for; absent = anyone's. */
  readonly audience?: string;
  /** Whether it is for meters in test only. */
  readonly test: boolean;
  /** Octets of the payload, 1–16777216. */
  readonly size: number;
  /** Octets of a page, a power of two from 64 to 65536. The last page may be shorter. */
  readonly pageSize: number;
  /** SHA-256 over the inventory, which holds the digests of the pages and of the tables it was reviewed against. */
  readonly root: Uint8Array;
}

export const largestPayload = 2 ** 24;
export const smallestPage = 64;
export const largestPage = 65_536;
export const digestLength = 32;

/** How many pages the payload has. */
export function pageCount({ size, pageSize }: Pick<Manifest, "size" | "pageSize">): number {
  return Math.ceil(size / pageSize);
}
