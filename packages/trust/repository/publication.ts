import type { Digest } from "@metersmith/base/digest";
import type { Json } from "../metadata/canonical-json.ts";
import type { EpochSeconds } from "../metadata/common-fields.ts";
import type { Signer } from "../metadata/signed-file.ts";

/** A target to be published. In a repository of images its content comes with it. */
export interface NewTarget {
  readonly path: string;
  readonly content?: Uint8Array;
  readonly length: number;
  readonly digest: Digest;
  readonly custom?: Json;
}

export interface PublicationDraft {
  readonly add: readonly NewTarget[];
  /** Paths that are no longer offered. Their content stays. */
  readonly remove: readonly string[];
  /** Online keys: of snapshot, timestamp, and of the bins that change. */
  readonly signers: readonly Signer[];
  readonly now: EpochSeconds;
  /** Signs anew also the bins that expire before. */
  readonly refreshBefore?: EpochSeconds;
  /** Other forms of a metadata file, by what is appended to its name: `.gz`, `.br`. A server gives them to whoever takes them. */
  readonly siblings?: (octets: Uint8Array) => Promise<ReadonlyMap<string, Uint8Array>>;
  readonly progress?: (done: number, total: number) => void;
}

export interface Publication {
  readonly root: number;
  readonly snapshot: number;
  readonly timestamp: number;
  /** Roles that were signed anew. */
  readonly roles: readonly string[];
  readonly added: number;
  readonly removed: number;
  /** What is staged and not published, with the reason. */
  readonly waiting: readonly string[];
}
