import { concatBytes } from "@metersmith/base/bytes";
import { digestOf } from "@metersmith/base/digest";
import type { TargetFile } from "../metadata/targets.ts";
import { refused } from "../trust-error.ts";
import { openPaced, type Reading } from "./paced-reading.ts";
import { contentName, partialName, type TrustedStore } from "./trusted-store.ts";

/** What is kept of a long transfer, at a time: a break loses no more. */
const block = 262_144;

/** Where a target's file lies: under its digest, so that it never changes and any cache may keep it. */
export function targetFilePath({ path, digest }: Pick<TargetFile, "path" | "digest">): string {
  const slash = path.lastIndexOf("/") + 1;
  return `targets/${path.slice(0, slash)}${digest.slice("sha256:".length)}.${path.slice(slash)}`;
}

/**
 * Fetches a target's content into the store, going on where a broken transfer ended. Gives the octets that came. Throws `absent`, `bad-target`, `too-large`,
 * `too-slow`, and what the link throws; then what came is kept for the next time, unless it was wrong.
 */
export async function fetchTarget(store: TrustedStore, target: TargetFile, reading: Reading): Promise<number> {
  const partial = partialName(target.digest);
  const kept = (await store.blobs.size(partial)) ?? 0;
  if (kept > target.length) await store.blobs.remove([partial]);
  const resumed = kept > 0 && kept <= target.length;
  const { octets, came } = await transfer(store, target, reading, resumed ? kept : 0);
  if (octets.length === target.length && digestOf(octets) === target.digest) {
    await store.blobs.write(new Map([[contentName(target.digest), octets]]));
    await store.blobs.remove([partial]);
    return came;
  }
  await store.blobs.remove([partial]);
  // What a crash left of a part may be wrong although the other side is right: once again from the beginning.
  if (resumed) return came + (await fetchTarget(store, target, reading));
  throw refused("bad-target", target.path, `what came is not the target: ${octets.length} octets of ${target.length}, or another digest`);
}

async function transfer(store: TrustedStore, target: TargetFile, reading: Reading, from: number): Promise<{ octets: Uint8Array; came: number }> {
  const partial = partialName(target.digest);
  const path = targetFilePath(target);
  let before: Uint8Array = from === 0 ? new Uint8Array(0) : ((await store.blobs.read(partial)) ?? new Uint8Array(0));
  if (from === target.length && from > 0) return { octets: before, came: 0 };
  const file = await openPaced(reading, path, from, target.length);
  if (!file) throw refused("absent", path, "the repository has not the file that its metadata names");
  if (file.from !== from) {
    if (file.from !== 0) throw refused("bad-target", path, `asked from octet ${from}, it begins at ${file.from}`);
    before = new Uint8Array(0);
    await store.blobs.remove([partial]);
  }
  const parts = [before];
  let waiting: Uint8Array[] = [];
  let [size, came] = [0, 0];
  const keep = async (): Promise<void> => {
    if (size === 0) return;
    await store.blobs.append(partial, concatBytes(...waiting));
    [waiting, size] = [[], 0];
  };
  try {
    for await (const chunk of file.chunks) {
      parts.push(chunk);
      waiting.push(chunk);
      size += chunk.length;
      came += chunk.length;
      // What fits into one block is not worth keeping a part of.
      if (size >= block) await keep();
    }
  } catch (error) {
    if (target.length > block) await keep();
    throw error;
  }
  return { octets: concatBytes(...parts), came };
}
