import type { BlobStore } from "@metersmith/base/blob-store";
import type { DelegatedRole } from "../metadata/delegations.ts";
import { largest } from "../metadata/largest.ts";
import { readRoot, type Root } from "../metadata/root.ts";
import { decodeSignedFile } from "../metadata/signed-file.ts";
import { readSnapshot, readTimestamp, type Snapshot, type Timestamp } from "../metadata/snapshot.ts";
import { readTargets, type Targets } from "../metadata/targets.ts";
import { TrustError } from "../trust-error.ts";

const folder = "public/metadata";

/** Where metadata lie below the repository's folder. What is served is `public`, as it is. */
export const metadataName = (version: number, role: string): string => `${folder}/${version}.${role}.json`;
export const timestampName = `${folder}/timestamp.json`;

/** What a repository shows to everyone. It is its keeper's own and is not verified again when read. */
export interface PublishedState {
  readonly root: Root;
  /** Undefined until the first publication. */
  readonly timestamp?: Timestamp;
  readonly snapshot?: Snapshot;
  readonly top?: Targets;
}

/** The newest root that is there, and what the timestamp leads to. Undefined before the first publication. */
export async function readPublished(blobs: BlobStore): Promise<PublishedState | undefined> {
  const versions = (await blobs.list(folder)).flatMap((name) => /^(\d+)\.root\.json$/.exec(name)?.[1] ?? []).map(Number);
  if (versions.length === 0) return undefined;
  const version = Math.max(...versions);
  const root = readRoot(await signedIn(blobs, metadataName(version, "root"), largest.root), "root.json");
  if ((await blobs.size(timestampName)) === undefined) return { root };
  const timestamp = readTimestamp(await signedIn(blobs, timestampName, largest.timestamp), timestampName);
  const snapshotFile = metadataName(timestamp.snapshot.version, "snapshot");
  const snapshot = readSnapshot(await signedIn(blobs, snapshotFile, largest.snapshot), snapshotFile);
  return { root, timestamp, snapshot, top: await readRole(blobs, snapshot, "targets") };
}

/** A targets role in the version that the snapshot names. */
export async function readRole(blobs: BlobStore, snapshot: Snapshot, role: string): Promise<Targets> {
  const name = metadataName(snapshot.versions.get(role) ?? 0, role);
  return readTargets(await signedIn(blobs, name, largest.targets), name);
}

/** The delegations of a published state, by path. */
export function delegatedRoles(top: Targets | undefined): readonly DelegatedRole[] {
  const to = top?.delegations?.to;
  return to && "roles" in to ? to.roles : [];
}

/** The highest version of each role that lies there, named by anything or not: numbers are never used twice. */
export async function usedVersions(blobs: BlobStore): Promise<ReadonlyMap<string, number>> {
  const used = new Map<string, number>();
  for (const name of await blobs.list(folder)) {
    const [, version, role] = /^(\d+)\.([a-z0-9-]+)\.json$/.exec(name) ?? [];
    if (version !== undefined && role !== undefined) used.set(role, Math.max(used.get(role) ?? 0, Number(version)));
  }
  return used;
}

async function signedIn(blobs: BlobStore, name: string, most: number) {
  const octets = await blobs.read(name);
  if (!octets) throw new TrustError("input", "absent", `${name} is missing from the repository: restore it from a copy.`, { place: name });
  return decodeSignedFile(octets, name, most).signed;
}
