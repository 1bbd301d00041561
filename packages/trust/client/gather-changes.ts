import type { Root } from "../metadata/root.ts";
import type { EpochSeconds } from "../metadata/common-fields.ts";
import type { Bins, DelegatedRole } from "../metadata/delegations.ts";
import { largest } from "../metadata/largest.ts";
import { sameRoleKeys } from "../metadata/role-keys.ts";
import type { Snapshot } from "../metadata/snapshot.ts";
import type { TargetFile } from "../metadata/targets.ts";
import { refused, TrustError } from "../trust-error.ts";
import { atOnce } from "./at-once.ts";
import { allBins, currentBins, currentTargets, currentTop } from "./current-targets.ts";
import { acceptBin, acceptFollowed, acceptTopTargets, followedBins, type FollowedRole } from "./followed-roles.ts";
import { readWhole, type Reading } from "./paced-reading.ts";
import { roleFileName, type CurrentState, type TrustedStore } from "./trusted-store.ts";

export interface Gathering {
  readonly store: TrustedStore;
  readonly reading: Reading;
  readonly root: Root;
  readonly snapshot: Snapshot;
  readonly current: CurrentState | undefined;
  readonly now: EpochSeconds;
  readonly follows: (role: string) => boolean;
  readonly mayEmpty: boolean;
}

export interface Changes {
  /** Targets that are new or have other content or another description. */
  readonly added: readonly TargetFile[];
  readonly removed: readonly string[];
  /** Blobs of the store that nothing refers to once the new state counts. */
  readonly obsolete: readonly string[];
}

const connections = 8;

/** Fetches and verifies (5.6) what changed since the current state: two levels of roles, then those bins that have another version. */
export async function gatherChanges(gathering: Gathering): Promise<Changes> {
  const { store, root, snapshot, current, now, follows } = gathering;
  const top = await fetchRole(gathering, "targets", (octets) => acceptTopTargets(octets, root, snapshot, now));
  const oldTop = current && (await currentTop(store, current));
  const before = new Map<string, TargetFile>();
  const after = new Map<string, TargetFile>();
  for (const role of top.roles.filter(({ name }) => follows(name))) {
    const followed = await fetchRole(gathering, role.name, (octets) => acceptFollowed(octets, role, top.delegations, snapshot, now));
    const oldBins = current && (await currentBins(store, current, role.name));
    const unchanged = oldBins !== undefined && sameSpeakers(oldTop, oldBins, role, followed.bins);
    const old = new Map<string, TargetFile>();
    const fresh = new Map<string, TargetFile>();
    // Bins that are looked at anew replace what the old ones held, whatever those were called.
    const changed = followedBins(followed).filter((bin) => !unchanged || snapshot.versions.get(bin) !== current?.snapshot.versions.get(bin));
    if (current && oldBins) for (const [path, target] of await currentTargets(store, current, unchanged ? changed : allBins(oldBins))) old.set(path, target);
    await atOnce(changed, connections, async (bin) => {
      const { targets } = await fetchRole(gathering, bin, (octets) => acceptBin(octets, bin, followed, top.delegations, snapshot, now));
      for (const [path, target] of targets) fresh.set(path, target);
    });
    if (old.size > 0 && fresh.size === 0) await refuseEmptied(gathering, followed, unchanged ? new Set(changed) : undefined);
    for (const [path, target] of old) before.set(path, target);
    for (const [path, target] of fresh) after.set(path, target);
  }
  await addVanishedRoles(gathering, oldTop, top.roles, before);
  return { ...difference(before, after), obsolete: obsoleteFiles(gathering) };
}

/** What `accept` makes of a role in the version that the snapshot names: as it was left in the store if that is right, else from the repository. Kept once it is right. */
async function fetchRole<T>({ store, reading, snapshot }: Gathering, role: string, accept: (octets: Uint8Array) => T): Promise<T> {
  const version = snapshot.versions.get(role);
  if (version === undefined) throw refused("not-consistent", `${role}.json`, "the snapshot does not name it");
  const kept = await store.readRole(version, role);
  if (kept) {
    try {
      return accept(kept);
    } catch (error) {
      // Verified under other keys, or by whoever held them: the repository is asked.
      if (!(error instanceof TrustError)) throw error;
    }
  }
  const place = `${version}.${role}.json`;
  const octets = await readWhole(reading, `metadata/${place}`, largest.targets);
  if (!octets) throw refused("absent", place, "the snapshot names it, and the repository has none");
  const accepted = accept(octets);
  await store.putRole(version, role, octets);
  return accepted;
}

/** Whether the bins of the current state were verified by the very keys that speak now, for the same paths. A key's id is its digest. */
function sameSpeakers(oldTop: readonly DelegatedRole[] | undefined, was: Bins, role: DelegatedRole, bins: Bins): boolean {
  const before = oldTop?.find(({ name }) => name === role.name);
  return before !== undefined && before.paths.join() === role.paths.join() && was.prefix === bins.prefix && was.bits === bins.bits && sameRoleKeys(was, bins);
}

/** A stolen online key could otherwise take the library from every tool at once. `changed` undefined: all bins were looked at anew. */
async function refuseEmptied({ store, current, mayEmpty }: Gathering, followed: FollowedRole, changed: ReadonlySet<string> | undefined): Promise<void> {
  if (mayEmpty || !current) return;
  const untouched = changed ? followedBins(followed).filter((bin) => !changed.has(bin)) : [];
  for (const bin of untouched) if ((await currentTargets(store, current, [bin])).size > 0) return;
  throw refused("emptied", `${followed.name}.json`, `${followed.name} would lose all that it had; if that is meant, it must be said here`);
}

/** A delegation that its repository took back takes its targets with it. */
async function addVanishedRoles({ store, current, follows }: Gathering, oldTop: readonly DelegatedRole[] | undefined, roles: readonly DelegatedRole[], before: Map<string, TargetFile>): Promise<void> {
  for (const { name } of oldTop ?? []) {
    if (!current || !follows(name) || roles.some((role) => role.name === name)) continue;
    const bins = await currentBins(store, current, name);
    for (const [path, target] of bins ? await currentTargets(store, current, allBins(bins)) : []) before.set(path, target);
  }
}

function difference(before: ReadonlyMap<string, TargetFile>, after: ReadonlyMap<string, TargetFile>): Pick<Changes, "added" | "removed"> {
  const same = (a: TargetFile | undefined, b: TargetFile): boolean => a?.digest === b.digest && a.length === b.length && JSON.stringify(a.custom) === JSON.stringify(b.custom);
  return {
    added: [...after.values()].filter((target) => !same(before.get(target.path), target)),
    removed: [...before.keys()].filter((path) => !after.has(path)),
  };
}

function obsoleteFiles({ snapshot, current }: Gathering): readonly string[] {
  if (!current) return [];
  const roles = [...current.snapshot.versions].filter(([role, version]) => snapshot.versions.get(role) !== version);
  const files = roles.map(([role, version]) => roleFileName(version, role));
  return current.snapshot.version === snapshot.version ? files : [...files, roleFileName(current.snapshot.version, "snapshot")];
}
