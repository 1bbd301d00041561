import type { BlobStore } from "@metersmith/base/blob-store";
import { targetFilePath } from "../client/fetch-target.ts";
import { bundleHead } from "../client/bundle-remote.ts";
import { binNames } from "../metadata/target-path.ts";
import { badDraft, TrustError } from "../trust-error.ts";
import { delegatedRoles, readPublished, readRole } from "./published-state.ts";

/** A bundle as it is written: its octets in order, and how many. */
export interface Bundle {
  readonly snapshot: number;
  readonly files: number;
  readonly octets: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * What a client needs of the published state, as one file to be carried: all roots, and the metadata and content of the delegations asked for. All of it is
 * signed as it is, so the bundle itself needs no signature: whoever changes it is refused by the same checks as a web server. Throws `bad-draft`.
 */
export async function makeBundle(blobs: BlobStore, only: (delegation: string) => boolean): Promise<Bundle> {
  const published = await readPublished(blobs);
  if (!published?.timestamp || !published.snapshot) throw badDraft("bundle", "the repository has not been published yet");
  const { root, timestamp, snapshot, top } = published;
  const roles = ["targets"];
  for (const { name } of delegatedRoles(top).filter((role) => only(role.name))) {
    const to = (await readRole(blobs, snapshot, name)).delegations?.to;
    roles.push(name, ...(to && "bins" in to ? binNames(to.bins.prefix, to.bins.bits) : []));
  }
  const paths = [
    ...Array.from({ length: root.version }, (_, at) => `metadata/${at + 1}.root.json`),
    "metadata/timestamp.json",
    `metadata/${timestamp.snapshot.version}.snapshot.json`,
    ...roles.map((role) => `metadata/${snapshot.versions.get(role) ?? 0}.${role}.json`),
  ];
  const content = new Set<string>();
  for (const role of roles) for (const target of (await readRole(blobs, snapshot, role)).targets.values()) content.add(targetFilePath(target));
  const sizes = new Map<string, number>();
  for (const path of [...paths, ...content]) sizes.set(path, (await blobs.size(`public/${path}`)) ?? missing(path));
  const head = bundleHead(sizes);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield head;
    for (const path of sizes.keys()) yield (await blobs.read(`public/${path}`)) ?? missing(path);
  }
  return { snapshot: snapshot.version, files: sizes.size, octets: [...sizes.values()].reduce((sum, size) => sum + size, head.length), chunks: chunks() };
}

function missing(path: string): never {
  throw new TrustError("input", "absent", `${path} is missing from the repository: restore it from a copy.`, { place: path });
}
