import { delegateFor, keysOfDelegate, type Bins, type DelegatedRole, type Delegations } from "../metadata/delegations.ts";
import type { Root } from "../metadata/root.ts";
import type { Snapshot } from "../metadata/snapshot.ts";
import type { Targets } from "../metadata/targets.ts";
import { binNames } from "../metadata/target-path.ts";
import { refused } from "../trust-error.ts";
import { acceptTargets, checkFresh, type Delegator } from "../verify/accept.ts";

/** A delegation below the repository's targets role, verified: who it is, and its bins. */
export interface FollowedRole {
  readonly name: string;
  readonly targets: Targets;
  readonly delegations: Delegations;
  readonly bins: Bins;
}

/** The repository's own targets role: it delegates by path, and lists nothing itself. Ours. */
export function acceptTopTargets(octets: Uint8Array, root: Root, snapshot: Snapshot, now: number): { readonly delegations: Delegations; readonly roles: readonly DelegatedRole[] } {
  const targets = acceptTargets(octets, "targets", { keys: root.keys, role: root.roles.targets }, snapshot);
  checkFresh(targets, now, "targets.json");
  if (!targets.delegations || !("roles" in targets.delegations.to)) throw refused("not-delegated", "targets.json", "it delegates to no roles by path");
  if (targets.targets.size > 0) throw refused("not-delegated", "targets.json", "it lists targets; only bins do");
  return { delegations: targets.delegations, roles: targets.delegations.to.roles };
}

/** A delegated role: it has bins, and lists nothing itself. Ours. */
export function acceptFollowed(octets: Uint8Array, role: DelegatedRole, { keys }: Delegations, snapshot: Snapshot, now: number): FollowedRole {
  const targets = acceptTargets(octets, role.name, { keys, role }, snapshot);
  checkFresh(targets, now, `${role.name}.json`);
  if (!targets.delegations || !("bins" in targets.delegations.to)) throw refused("not-delegated", `${role.name}.json`, "it has no bins");
  if (targets.targets.size > 0) throw refused("not-delegated", `${role.name}.json`, "it lists targets; only its bins do");
  return { name: role.name, targets, delegations: targets.delegations, bins: targets.delegations.to.bins };
}

/** Throws `not-delegated` where the bin speaks for a path that is not its own by both walls: the delegation's paths, and the hash. */
export function acceptBin(octets: Uint8Array, name: string, followed: FollowedRole, top: Delegations, snapshot: Snapshot, now: number): Targets {
  const targets = acceptTargets(octets, name, binDelegator(followed), snapshot);
  checkFresh(targets, now, `${name}.json`);
  if (targets.delegations) throw refused("not-delegated", `${name}.json`, "a bin delegates no further");
  for (const path of targets.targets.keys()) {
    if (delegateFor(top, path) !== followed.name) throw refused("not-delegated", `${name}.json`, `${followed.name} may not speak for ${path}`);
    if (delegateFor(followed.delegations, path) !== name) throw refused("not-delegated", `${name}.json`, `${path} does not lie in this bin`);
  }
  return targets;
}

function binDelegator({ delegations, bins }: FollowedRole): Delegator {
  return { keys: delegations.keys, role: keysOfDelegate(delegations, bins.prefix) ?? bins };
}

export function followedBins({ bins }: FollowedRole): readonly string[] {
  return binNames(bins.prefix, bins.bits);
}
