import type { EpochSeconds } from "../metadata/common-fields.ts";
import type { TargetFile } from "../metadata/targets.ts";
import { allBins, currentBins, currentTop } from "./current-targets.ts";
import { contentName, type TrustedStore } from "./trusted-store.ts";

/** What a client has, whole: the targets of its current state, and until when the roles vouch for them. */
export interface Library {
  readonly snapshot: number;
  readonly targets: ReadonlyMap<string, TargetFile>;
  readonly timestampExpires: EpochSeconds;
  readonly snapshotExpires: EpochSeconds;
  /** When the first of the roles that list targets or delegate expires. */
  readonly rolesExpire: EpochSeconds;
  /** When a synchronization last ended well. */
  readonly since: EpochSeconds;
}

/** Reads it from the store; undefined where no synchronization has ended well yet. */
export async function readLibrary(store: TrustedStore): Promise<Library | undefined> {
  const [current, since] = [await store.current(), await store.lastSuccess()];
  if (!current || since === undefined) return undefined;
  const { timestamp, snapshot } = current;
  const targets = new Map<string, TargetFile>();
  let rolesExpire = Number.POSITIVE_INFINITY;
  const names = ["targets"];
  for (const role of (await currentTop(store, current)) ?? []) {
    const bins = await currentBins(store, current, role.name);
    if (bins) names.push(role.name, ...allBins(bins));
  }
  for (const name of names) {
    const role = await store.role(snapshot.versions.get(name) ?? 0, name);
    if (!role) continue;
    rolesExpire = Math.min(rolesExpire, role.expires);
    for (const [path, target] of role.targets) targets.set(path, target);
  }
  return { snapshot: snapshot.version, targets, timestampExpires: timestamp.expires, snapshotExpires: snapshot.expires, rolesExpire, since };
}

/** Removes content that nothing of the current state names, and parts of transfers. Gives how many. Not while a synchronization runs. */
export async function tidyStore(store: TrustedStore): Promise<number> {
  const library = await readLibrary(store);
  if (!library) return 0;
  const named = new Set([...library.targets.values()].map(({ digest }) => contentName(digest)));
  const here = (await store.blobs.list("targets")).map((name) => `targets/${name}`);
  const partial = (await store.blobs.list("partial")).map((name) => `partial/${name}`);
  const loose = [...here.filter((name) => !named.has(name)), ...partial];
  await store.blobs.remove(loose);
  return loose.length;
}
