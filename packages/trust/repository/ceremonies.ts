import type { BlobStore } from "@metersmith/base/blob-store";
import type { EpochSeconds } from "../metadata/common-fields.ts";
import { mostBits, type DelegatedRole, type Delegations } from "../metadata/delegations.ts";
import type { PublicKey } from "../metadata/public-key.ts";
import type { KeyRing, RoleKeys } from "../metadata/role-keys.ts";
import { delegatedName, isTopRole, type TopRole } from "../metadata/role-name.ts";
import type { Root } from "../metadata/root.ts";
import type { Targets } from "../metadata/targets.ts";
import { pathPatternForm } from "../metadata/target-path.ts";
import { badDraft } from "../trust-error.ts";
import { delegatedRoles, readPublished, usedVersions } from "./published-state.ts";
import { readSettings, writeSettings, type Settings } from "./settings.ts";
import { readStaged, stage } from "./staged.ts";

const day = 86_400;

/** Keys for a role, and how many of them must speak. */
export interface Speakers {
  readonly keys: readonly PublicKey[];
  readonly threshold: number;
}

/** @throws TrustError `bad-draft` where a key stands there twice or the threshold cannot be reached */
export function roleKeysOf({ keys, threshold }: Speakers, role: string): RoleKeys {
  const keyIds = keys.map(({ id }) => id);
  if (new Set(keyIds).size !== keyIds.length) throw badDraft(role, "a key is given twice");
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > keyIds.length) throw badDraft(role, `a threshold of ${threshold} cannot be reached with ${keyIds.length} keys`);
  return { keyIds, threshold };
}

export function ringOf(...speakers: readonly Speakers[]): KeyRing {
  return new Map(speakers.flatMap(({ keys }) => keys).map((key) => [key.id, key]));
}

/** Begins a repository: stages its first root and an empty targets role, to be signed and then published. Nothing is public yet. */
export async function initRepository(blobs: BlobStore, settings: Settings, speakers: Readonly<Record<TopRole, Speakers>>, now: EpochSeconds): Promise<readonly string[]> {
  if (await readPublished(blobs)) throw badDraft("repository", "there is one already, and it has been published");
  const of = (role: TopRole): RoleKeys => roleKeysOf(speakers[role], role);
  const root: Root = {
    version: 1, expires: now + settings.days.root * day, keys: ringOf(...Object.values(speakers)),
    roles: { root: of("root"), targets: of("targets"), snapshot: of("snapshot"), timestamp: of("timestamp") },
  };
  const targets: Targets = { version: 1, expires: now + settings.days.roles * day, targets: new Map(), delegations: { keys: new Map(), to: { roles: [] } } };
  await writeSettings(blobs, settings);
  return stage(blobs, { root, roles: new Map([["targets", targets]]) });
}

/** Who may publish what: a utility's programs, a family's firmware. */
export interface DelegationDraft {
  readonly name: string;
  /** `kind/owner/*` */
  readonly paths: readonly string[];
  /** Say which keys sign the bins; kept offline. */
  readonly role: Speakers;
  /** Sign what is published day by day. */
  readonly bins: Speakers;
  /** 2^bits bins. */
  readonly bits: number;
}

/** Adds a delegation: stages the targets role and the new role, to be signed by their keys. Its bins come with the publication. */
export async function delegate(blobs: BlobStore, { name, paths, role, bins, bits }: DelegationDraft, now: EpochSeconds): Promise<readonly string[]> {
  const { days } = await readSettings(blobs);
  const top = await topDraft(blobs);
  const roles = delegatedRoles(top);
  if (!delegatedName.test(name) || isTopRole(name)) throw badDraft(name, "a delegation's name is of small letters, digits and dashes, and none of root's roles");
  if (roles.some((one) => one.name === name)) throw badDraft(name, "there is a delegation of this name");
  // A bin's name begins with its delegation's: no role's name may be a bin's.
  if (roles.some((one) => one.name.startsWith(`${name}-`) || name.startsWith(`${one.name}-`))) throw badDraft(name, "its bins could not be told from another delegation");
  const wrong = paths.find((path) => !pathPatternForm.test(path));
  if (paths.length === 0 || wrong !== undefined) throw badDraft(name, `paths have the form kind/owner/*, not ${wrong ?? "none"}`);
  const taken = roles.find((one) => one.paths.some((path) => paths.includes(path)));
  if (taken) throw badDraft(name, `${taken.name} speaks for one of these paths already`);
  if (!Number.isSafeInteger(bits) || bits < 1 || bits > mostBits) throw badDraft(name, `1 to ${mostBits} bits`);
  const delegated: DelegatedRole = { ...roleKeysOf(role, name), name, paths };
  const used = await usedVersions(blobs);
  const expires = now + days.roles * day;
  const delegations: Delegations = { keys: new Map([...(top.delegations?.keys ?? []), ...ringOf(role)]), to: { roles: [...roles, delegated] } };
  const targets: Targets = { ...top, version: nextVersion(used, "targets"), expires, delegations };
  const own: Targets = { version: nextVersion(used, name), expires, targets: new Map(), delegations: { keys: ringOf(bins), to: { bins: { ...roleKeysOf(bins, `${name}-bins`), prefix: name, bits } } } };
  return stage(blobs, { roles: new Map([["targets", targets], [name, own]]) });
}

/** The targets role that changes build upon: the staged one, else the published one. */
export async function topDraft(blobs: BlobStore): Promise<Targets> {
  const top = (await readStaged(blobs)).roles.get("targets")?.targets ?? (await readPublished(blobs))?.top;
  if (!top) throw badDraft("targets", "the repository has not been begun");
  return top;
}

export function nextVersion(used: ReadonlyMap<string, number>, role: string): number {
  return (used.get(role) ?? 0) + 1;
}
