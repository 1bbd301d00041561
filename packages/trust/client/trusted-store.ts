import type { BlobStore } from "@metersmith/base/blob-store";
import { digestOf, type Digest } from "@metersmith/base/digest";
import { encodeJson } from "../metadata/canonical-json.ts";
import type { EpochSeconds } from "../metadata/common-fields.ts";
import { largest } from "../metadata/largest.ts";
import { readRoot, type Root } from "../metadata/root.ts";
import { decodeSignedFile } from "../metadata/signed-file.ts";
import { readSnapshot, readTimestamp, type Snapshot, type Timestamp } from "../metadata/snapshot.ts";
import { readTargets, type Targets } from "../metadata/targets.ts";
import { TrustError } from "../trust-error.ts";
import { firstRoot } from "../verify/accept.ts";

const names = {
  root: "metadata/root.json",
  /** The timestamp of the state that is here whole. Its replacement is the one step by which a synchronization takes effect. */
  current: "metadata/timestamp.json",
  seen: "metadata/last-success.json",
} as const;

/** What was verified last, with or without its content. */
export interface Newest {
  readonly timestamp?: { readonly timestamp: Timestamp; readonly octets: Uint8Array };
  readonly snapshot?: Snapshot;
}

/** A state that is here whole: what the timestamp names, with the content of all its targets. */
export interface CurrentState {
  readonly timestamp: Timestamp;
  readonly snapshot: Snapshot;
}

/**
 * What a client has verified and keeps. It is believed when read again: who can write here can also replace the root. Files are immutable under their
 * version or digest, but those that are named here.
 */
export class TrustedStore {
  readonly blobs: BlobStore;

  constructor(blobs: BlobStore) {
    this.blobs = blobs;
  }

  /** The root to begin from, where there is none yet. A store that has one keeps it. Throws as `firstRoot`. */
  async begin(root: Uint8Array): Promise<void> {
    firstRoot(root);
    if ((await this.blobs.size(names.root)) === undefined) await this.blobs.write(new Map([[names.root, root]]));
  }

  async root(): Promise<Root> {
    const octets = await this.blobs.read(names.root);
    if (!octets) throw new TrustError("misuse", "absent", "This store has no root to begin from.", { place: names.root });
    return readRoot(decodeSignedFile(octets, names.root, largest.root).signed, names.root);
  }

  putRoot(octets: Uint8Array): Promise<void> {
    return this.blobs.write(new Map([[names.root, octets]]));
  }

  /**
   * The newest timestamp and snapshot that were verified under these keys: nothing older is taken, whether or not their content has arrived. Once the keys
   * of either role changed, whatever was said by the old ones, or by a thief of theirs, binds no more: versions that no honest repository reaches again are
   * forgotten so (fast-forward recovery, 5.3.11).
   */
  async newest(root: Root): Promise<Newest> {
    const octets = await this.blobs.read(newestName(root));
    const [timestamp, snapshot] = await Promise.all([this.#timestamp(newestName(root)), this.#snapshot(newestSnapshotName(root))]);
    return { ...(octets && timestamp ? { timestamp: { timestamp, octets } } : {}), ...(snapshot ? { snapshot } : {}) };
  }

  putNewest(root: Root, timestamp: Uint8Array): Promise<void> {
    return this.blobs.write(new Map([[newestName(root), timestamp]]));
  }

  putNewestSnapshot(root: Root, snapshot: Uint8Array): Promise<void> {
    return this.blobs.write(new Map([[newestSnapshotName(root), snapshot]]));
  }

  async current(): Promise<CurrentState | undefined> {
    const timestamp = await this.#timestamp(names.current);
    if (!timestamp) return undefined;
    const snapshot = await this.#snapshot(snapshotName(timestamp.snapshot.version));
    return snapshot ? { timestamp, snapshot } : undefined;
  }

  /** The one step: from here on the new state counts. */
  async commit(timestamp: Uint8Array, at: EpochSeconds): Promise<void> {
    await this.blobs.write(new Map([[names.current, timestamp]]));
    await this.succeeded(at);
  }

  async succeeded(at: EpochSeconds): Promise<void> {
    await this.blobs.write(new Map([[names.seen, new TextEncoder().encode(JSON.stringify({ at }))]]));
  }

  /** When a synchronization last ended well; undefined where none did. */
  async lastSuccess(): Promise<EpochSeconds | undefined> {
    const octets = await this.blobs.read(names.seen);
    if (!octets) return undefined;
    const { at } = JSON.parse(new TextDecoder().decode(octets)) as { at: EpochSeconds };
    return at;
  }

  readRole(version: number, role: string): Promise<Uint8Array | undefined> {
    return this.blobs.read(roleFileName(version, role));
  }

  async role(version: number, role: string): Promise<Targets | undefined> {
    const octets = await this.readRole(version, role);
    return octets && readTargets(decodeSignedFile(octets, roleFileName(version, role), largest.targets).signed, role);
  }

  putRole(version: number, role: string, octets: Uint8Array): Promise<void> {
    return this.blobs.write(new Map([[roleFileName(version, role), octets]]));
  }

  /** The content of a target; undefined where it is not here. */
  target(digest: Digest): Promise<Uint8Array | undefined> {
    return this.blobs.read(contentName(digest));
  }

  async hasTarget(digest: Digest): Promise<boolean> {
    return (await this.blobs.size(contentName(digest))) !== undefined;
  }

  async #timestamp(name: string): Promise<Timestamp | undefined> {
    const octets = await this.blobs.read(name);
    return octets && readTimestamp(decodeSignedFile(octets, name, largest.timestamp).signed, name);
  }

  async #snapshot(name: string): Promise<Snapshot | undefined> {
    const octets = await this.blobs.read(name);
    return octets && readSnapshot(decodeSignedFile(octets, name, largest.snapshot).signed, name);
  }
}

const snapshotName = (version: number): string => roleFileName(version, "snapshot");
export const roleFileName = (version: number, role: string): string => `metadata/roles/${version}.${role}.json`;

/** By the keys that may speak for both roles. */
function speakers({ roles }: Root): string {
  const said = [roles.timestamp, roles.snapshot].map(({ keyIds, threshold }) => ({ keyIds: [...keyIds].sort(), threshold }));
  return digestOf(encodeJson(said)).slice("sha256:".length, "sha256:".length + 16);
}

const newestName = (root: Root): string => `metadata/newest/${speakers(root)}.timestamp.json`;
const newestSnapshotName = (root: Root): string => `metadata/newest/${speakers(root)}.snapshot.json`;
export const contentName = (digest: Digest): string => `targets/${digest.slice("sha256:".length)}`;
export const partialName = (digest: Digest): string => `partial/${digest.slice("sha256:".length)}`;
