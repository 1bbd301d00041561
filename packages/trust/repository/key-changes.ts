import type { BlobStore } from "@metersmith/base/blob-store";
import type { EpochSeconds } from "../metadata/common-fields.ts";
import type { Delegations } from "../metadata/delegations.ts";
import type { PublicKey } from "../metadata/public-key.ts";
import { sameRoleKeys, type KeyRing, type RoleKeys } from "../metadata/role-keys.ts";
import { topRoles, type TopRole } from "../metadata/role-name.ts";
import type { Root } from "../metadata/root.ts";
import type { Targets } from "../metadata/targets.ts";
import { badDraft } from "../trust-error.ts";
import { nextVersion, ringOf, roleKeysOf, topDraft, type Speakers } from "./ceremonies.ts";
import { delegatedRoles, readPublished, readRole, usedVersions, type PublishedState } from "./published-state.ts";
import { readSettings } from "./settings.ts";
import { readStaged, stage } from "./staged.ts";

const day = 86_400;

/** What becomes of a role's keys. Roles are named as they are, the bins of a delegation `<name>-bins`. */
export type KeyChange = (role: string, speakers: Speakers) => Speakers;

/** Puts a key in another's place, for one role. */
export function rotation(role: string, out: string, into: PublicKey): KeyChange {
  return (name, speakers) => {
    if (name !== role) return speakers;
    if (!speakers.keys.some(({ id }) => id === out)) throw badDraft(role, `key ${out} is none of its keys`);
    return { ...speakers, keys: speakers.keys.map((key) => (key.id === out ? into : key)) };
  };
}

/** Takes a key out wherever it speaks, with another in its place where one is given. A role that could not reach its threshold without it refuses. */
export function revocation(out: string, into?: PublicKey): KeyChange {
  return (role, speakers) => {
    if (!speakers.keys.some(({ id }) => id === out)) return speakers;
    const left = speakers.keys.filter(({ id }) => id !== out);
    const keys = into && !left.some(({ id }) => id === into.id) ? [...left, into] : left;
    if (keys.length < speakers.threshold) throw badDraft(role, `without key ${out} it has ${keys.length} keys, and its threshold is ${speakers.threshold}: give another key in its place`);
    return { ...speakers, keys };
  };
}

/**
 * Stages every file that a change of keys concerns, to be signed: root by enough of its old and of its new keys; a role whose own keys change, anew; a role that
 * names them, too. Bins whose keys change are signed anew by the next publication. Gives what was staged; nothing where no role has such a key.
 */
export async function changeKeys(blobs: BlobStore, change: KeyChange, now: EpochSeconds): Promise<readonly string[]> {
  const published = await readPublished(blobs);
  if (!published?.snapshot) throw badDraft("keys", "the repository has not been published yet: init it again with other keys");
  const { days } = await readSettings(blobs);
  const used = await usedVersions(blobs);
  const root = changedRoot((await readStaged(blobs)).root?.root ?? published.root, published.root, change, now + days.root * day);
  const roles = new Map<string, Targets>();
  const expires = now + days.roles * day;
  const top = await topDraft(blobs);
  const newTop = changedTop(top, change);
  if (newTop || (root && !sameRoleKeys(root.roles.targets, published.root.roles.targets))) roles.set("targets", { ...(newTop ?? top), version: nextVersion(used, "targets"), expires });
  for (const [name, targets] of await changedRoles(blobs, published, top, newTop ?? top, change)) roles.set(name, { ...targets, version: nextVersion(used, name), expires });
  return stage(blobs, { root, roles });
}

function changedRoot(draft: Root, published: Root, change: KeyChange, expires: EpochSeconds): Root | undefined {
  const changed = new Map<TopRole, Speakers>(topRoles.map((role) => [role, change(role, speakersOf(draft.roles[role], draft.keys))]));
  const of = (role: TopRole): RoleKeys => roleKeysOf(changed.get(role) ?? speakersOf(draft.roles[role], draft.keys), role);
  const roles = { root: of("root"), targets: of("targets"), snapshot: of("snapshot"), timestamp: of("timestamp") };
  if (topRoles.every((role) => sameRoleKeys(roles[role], draft.roles[role]))) return undefined;
  return { version: published.version + 1, expires, keys: ringOf(...changed.values()), roles };
}

function changedTop(top: Targets, change: KeyChange): Targets | undefined {
  const keys = top.delegations?.keys ?? new Map<string, PublicKey>();
  const roles = delegatedRoles(top);
  const changed = roles.map((role) => change(role.name, speakersOf(role, keys)));
  const after = roles.map((role, at) => ({ ...role, ...roleKeysOf(changed[at] ?? speakersOf(role, keys), role.name) }));
  if (after.every((role, at) => sameRoleKeys(role, roles[at] ?? role))) return undefined;
  return { ...top, delegations: { keys: ringOf(...changed), to: { roles: after } } };
}

/** Delegated roles whose own keys, or whose bins' keys, change. */
async function changedRoles(blobs: BlobStore, { snapshot }: PublishedState, before: Targets, after: Targets, change: KeyChange): Promise<ReadonlyMap<string, Targets>> {
  const staged = await readStaged(blobs);
  const found = new Map<string, Targets>();
  for (const role of delegatedRoles(before)) {
    const own = staged.roles.get(role.name)?.targets ?? (snapshot?.versions.has(role.name) ? await readRole(blobs, snapshot, role.name) : undefined);
    if (!own?.delegations || !("bins" in own.delegations.to)) continue;
    const { bins } = own.delegations.to;
    const binSpeakers = change(`${role.name}-bins`, speakersOf(bins, own.delegations.keys));
    const newBins = { ...bins, ...roleKeysOf(binSpeakers, `${role.name}-bins`) };
    const ownKeysChanged = !sameRoleKeys(role, delegatedRoles(after).find(({ name }) => name === role.name) ?? role);
    const delegations: Delegations = { keys: ringOf(binSpeakers), to: { bins: newBins } };
    if (ownKeysChanged || !sameRoleKeys(bins, newBins)) found.set(role.name, { ...own, delegations });
  }
  return found;
}

function speakersOf({ keyIds, threshold }: RoleKeys, ring: KeyRing): Speakers {
  return { keys: keyIds.flatMap((id) => ring.get(id) ?? []), threshold };
}
