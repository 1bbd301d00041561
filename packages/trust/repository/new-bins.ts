import type { BlobStore } from "@metersmith/base/blob-store";
import { delegateFor, type Bins, type Delegations } from "../metadata/delegations.ts";
import { sameRoleKeys, type KeyRing } from "../metadata/role-keys.ts";
import type { TargetFile, Targets } from "../metadata/targets.ts";
import { binNames, targetPathForm } from "../metadata/target-path.ts";
import { badDraft } from "../trust-error.ts";
import { nextVersion } from "./ceremonies.ts";
import { delegatedRoles, readRole, type PublishedState } from "./published-state.ts";
import type { NewTarget, PublicationDraft } from "./publication.ts";
import type { Lifetimes } from "./settings.ts";

const day = 86_400;

/** A bin to be signed, and the keys that may. */
export interface NewBin {
  readonly name: string;
  readonly targets: Targets;
  readonly keys: KeyRing;
  readonly bins: Bins;
}

export interface BinChanges {
  readonly blobs: BlobStore;
  readonly published: PublishedState | undefined;
  readonly top: Targets;
  /** The delegated role of a name as it will be. */
  readonly roleOf: (name: string) => Promise<Targets>;
  readonly used: ReadonlyMap<string, number>;
  readonly days: Lifetimes;
}

/** The bins that a publication signs anew: those whose targets change, those of a new delegation or of new keys, and where asked for those that expire soon. */
export async function newBins(changes: BinChanges, draft: PublicationDraft): Promise<readonly NewBin[]> {
  const { blobs, published, top } = changes;
  const found: NewBin[] = [];
  const byRole = pathsByRole(top.delegations, draft);
  const added = new Map(draft.add.map((target) => [target.path, target]));
  for (const role of delegatedRoles(top)) {
    const { delegations } = await changes.roleOf(role.name);
    if (!delegations || !("bins" in delegations.to)) throw badDraft(role.name, "it has no bins");
    const { bins } = delegations.to;
    const before = await publishedBins(changes, role.name);
    const anew = !before || !sameRoleKeys(before, bins) || before.bits !== bins.bits;
    const touched = Map.groupBy(byRole.get(role.name) ?? [], (path) => delegateFor(delegations, path));
    for (const name of binNames(bins.prefix, bins.bits)) {
      const concerned = anew || touched.has(name);
      if (!concerned && draft.refreshBefore === undefined) continue;
      const old = published?.snapshot?.versions.has(name) ? await readRole(blobs, published.snapshot, name) : undefined;
      if (!concerned && old && old.expires >= (draft.refreshBefore ?? 0)) continue;
      const targets = changedTargets(old?.targets ?? new Map(), touched.get(name) ?? [], added);
      found.push({ name, targets: { version: nextVersion(changes.used, name), expires: draft.now + changes.days.bins * day, targets }, keys: delegations.keys, bins });
    }
  }
  return found;
}

async function publishedBins({ blobs, published }: BinChanges, role: string): Promise<Bins | undefined> {
  if (!published?.snapshot?.versions.has(role)) return undefined;
  const to = (await readRole(blobs, published.snapshot, role)).delegations?.to;
  return to && "bins" in to ? to.bins : undefined;
}

/** Which delegation each path of the draft belongs to. Throws `bad-draft` for a path that is none, nobody's, or named twice. */
function pathsByRole(delegations: Delegations | undefined, { add, remove }: PublicationDraft): ReadonlyMap<string | undefined, readonly string[]> {
  const paths = [...add.map(({ path }) => path), ...remove];
  const seen = new Set<string>();
  return Map.groupBy(paths, (path) => {
    if (seen.has(path)) throw badDraft(path, "it is named twice in one publication");
    seen.add(path);
    if (!targetPathForm.test(path)) throw badDraft(path, "a target's path has the form kind/owner/name");
    const role = delegations && delegateFor(delegations, path);
    if (role === undefined) throw badDraft(path, "no delegation speaks for this path");
    return role;
  });
}

/** Paths that are not added are removed. */
function changedTargets(old: ReadonlyMap<string, TargetFile>, paths: readonly string[], added: ReadonlyMap<string, NewTarget>): ReadonlyMap<string, TargetFile> {
  const targets = new Map(old);
  for (const path of paths) {
    const target = added.get(path);
    if (target) targets.set(path, { path, length: target.length, digest: target.digest, ...(target.custom === undefined ? {} : { custom: target.custom }) });
    else if (!targets.delete(path)) throw badDraft(path, "it is not published");
  }
  return targets;
}
