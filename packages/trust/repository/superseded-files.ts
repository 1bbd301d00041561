import type { BlobStore } from "@metersmith/base/blob-store";
import type { Snapshot } from "../metadata/snapshot.ts";

/**
 * Metadata files that neither of these snapshots names. The state before the newest stays, for clients that are in the middle of it; so do all roots, by
 * which a client that was away for years comes to the newest.
 */
export async function supersededFiles(blobs: BlobStore, kept: readonly (Snapshot | undefined)[]): Promise<readonly string[]> {
  const named = new Set(kept.flatMap((snapshot) => (snapshot ? [`${snapshot.version}.snapshot`, ...[...snapshot.versions].map(([role, version]) => `${version}.${role}`)] : [])));
  return (await blobs.list("public/metadata")).flatMap((name) => {
    const file = /^(\d+\.([a-z0-9-]+))\.json(\.[a-z]+)?$/.exec(name);
    return !file || file[2] === "root" || named.has(file[1] ?? "") ? [] : [`public/metadata/${name}`];
  });
}
