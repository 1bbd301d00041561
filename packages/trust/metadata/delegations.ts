import { refused } from "../trust-error.ts";
import type { Json } from "./canonical-json.ts";
import { Fields } from "./fields.ts";
import { readKeyRing, readRoleKeys, ringJson, roleKeysJson, type KeyRing, type RoleKeys } from "./role-keys.ts";
import { delegatedName, isTopRole } from "./role-name.ts";
import { binName, binOf, matchesPattern, pathPatternForm } from "./target-path.ts";

const mostRoles = 256;
const mostPatterns = 64;
export const mostBits = 12;

/** A role that may speak for the targets whose paths match. Its word is final: nobody after it is asked. */
export interface DelegatedRole extends RoleKeys {
  readonly name: string;
  readonly paths: readonly string[];
}

/** 2^bits roles among which all targets are shared by the hash of their paths, so that a change touches little. */
export interface Bins extends RoleKeys {
  readonly prefix: string;
  readonly bits: number;
}

/** Whom a targets role hands its say to: roles by path, or bins. */
export interface Delegations {
  readonly keys: KeyRing;
  readonly to: { readonly roles: readonly DelegatedRole[] } | { readonly bins: Bins };
}

export function readDelegations(fields: Fields): Delegations {
  const keys = readKeyRing(fields);
  if (fields.has("roles") === fields.has("succinct_roles")) throw refused("bad-metadata", fields.place, "either roles or succinct_roles");
  return { keys, to: fields.has("roles") ? { roles: readRoles(fields, keys) } : { bins: readBins(fields.object("succinct_roles"), keys) } };
}

function readRoles(fields: Fields, keys: KeyRing): readonly DelegatedRole[] {
  const roles = fields.list("roles", mostRoles).map((one, at) => {
    const role = Fields.of(one, `${fields.place}: role ${at + 1}`);
    if (!role.flag("terminating")) throw refused("bad-metadata", role.place, "not terminating; this client follows none such");
    return { ...readRoleKeys(role, keys), name: readName(role, "name"), paths: role.texts("paths", pathPatternForm, mostPatterns) };
  });
  if (new Set(roles.map(({ name }) => name)).size !== roles.length) throw refused("bad-metadata", fields.place, "a role stands there twice");
  return roles;
}

function readBins(fields: Fields, keys: KeyRing): Bins {
  const bits = fields.whole("bit_length", 1);
  if (bits > mostBits) throw refused("bad-metadata", fields.place, `bit_length: at most ${mostBits}`);
  return { ...readRoleKeys(fields, keys), prefix: readName(fields, "name_prefix"), bits };
}

function readName(fields: Fields, field: string): string {
  const name = fields.text(field, delegatedName);
  if (isTopRole(name)) throw refused("bad-metadata", fields.place, `${name} is the name of a role of root's`);
  return name;
}

/** Who alone may speak for a path: the first role that matches, or the path's bin. Undefined where nobody may. */
export function delegateFor({ to }: Delegations, path: string): string | undefined {
  if ("bins" in to) return binName(to.bins.prefix, to.bins.bits, binOf(path, to.bins.bits));
  return to.roles.find(({ paths }) => paths.some((pattern) => matchesPattern(path, pattern)))?.name;
}

/** The keys of a delegated role or bin; undefined where it is none of these delegations'. */
export function keysOfDelegate({ to }: Delegations, name: string): RoleKeys | undefined {
  return "bins" in to ? to.bins : to.roles.find((role) => role.name === name);
}

export function delegationsJson({ keys, to }: Delegations): Json {
  const ring = ringJson(keys.values());
  if ("bins" in to) return { keys: ring, succinct_roles: { ...roleKeysJson(to.bins), bit_length: to.bins.bits, name_prefix: to.bins.prefix } };
  return { keys: ring, roles: to.roles.map((role) => ({ ...roleKeysJson(role), name: role.name, paths: role.paths, terminating: true })) };
}

/** Everyone that is given a say, under the names by which keys are changed: roles by their own, bins as `<prefix>-bins`. */
export function delegatedRolesOf({ to }: Delegations): readonly { readonly role: string; readonly keys: RoleKeys; readonly paths?: readonly string[] }[] {
  if ("bins" in to) return [{ role: `${to.bins.prefix}-bins`, keys: to.bins }];
  return to.roles.map((role) => ({ role: role.name, keys: role, paths: role.paths }));
}
