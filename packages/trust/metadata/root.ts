import { refused } from "../trust-error.ts";
import type { Json } from "./canonical-json.ts";
import { commonJson, readCommon, type Common } from "./common-fields.ts";
import { Fields } from "./fields.ts";
import { readKeyRing, readRoleKeys, ringJson, roleKeysJson, type KeyRing, type RoleKeys } from "./role-keys.ts";
import type { TopRole } from "./role-name.ts";

/** Who speaks for the repository's four roles. */
export interface Root extends Common {
  readonly keys: KeyRing;
  readonly roles: Readonly<Record<TopRole, RoleKeys>>;
}

export function readRoot(signed: Json, place: string): Root {
  const fields = Fields.of(signed, place);
  const common = readCommon(fields, "root");
  if (!fields.flag("consistent_snapshot")) throw refused("bad-metadata", place, "without consistent snapshots; this client follows none such");
  const keys = readKeyRing(fields);
  const roles = fields.object("roles");
  const role = (name: TopRole): RoleKeys => readRoleKeys(roles.object(name), keys);
  return { ...common, keys, roles: { root: role("root"), targets: role("targets"), snapshot: role("snapshot"), timestamp: role("timestamp") } };
}

export function rootJson(root: Root): Json {
  const { root: ofRoot, targets, snapshot, timestamp } = root.roles;
  return {
    ...commonJson("root", root),
    consistent_snapshot: true,
    keys: ringJson(root.keys.values()),
    roles: { root: roleKeysJson(ofRoot), targets: roleKeysJson(targets), snapshot: roleKeysJson(snapshot), timestamp: roleKeysJson(timestamp) },
  };
}
