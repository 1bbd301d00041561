import { refused } from "../trust-error.ts";
import type { Json } from "./canonical-json.ts";
import type { Fields } from "./fields.ts";
import { keyIdForm, keyJson, readKey, type PublicKey } from "./public-key.ts";

export const mostKeys = 64;

/** Who speaks for a role: at least `threshold` of these keys together. */
export interface RoleKeys {
  readonly keyIds: readonly string[];
  readonly threshold: number;
}

export type KeyRing = ReadonlyMap<string, PublicKey>;

export function readKeyRing(fields: Fields): KeyRing {
  return new Map(fields.objects("keys", mostKeys).map(([id, key]) => [id, readKey(id, key)]));
}

/** Each key counts once, is known, and the threshold can be reached. */
export function readRoleKeys(fields: Fields, ring: KeyRing): RoleKeys {
  const keyIds = fields.texts("keyids", keyIdForm, mostKeys);
  const threshold = fields.whole("threshold", 1);
  if (new Set(keyIds).size !== keyIds.length) throw refused("bad-metadata", fields.place, "a key stands there twice");
  const unknown = keyIds.find((id) => !ring.has(id));
  if (unknown !== undefined) throw refused("bad-metadata", fields.place, `key ${unknown} is not among the keys`);
  if (threshold > keyIds.length) throw refused("bad-metadata", fields.place, `a threshold of ${threshold} cannot be reached with ${keyIds.length} keys`);
  return { keyIds, threshold };
}

export function ringJson(keys: Iterable<PublicKey>): Json {
  return Object.fromEntries([...keys].map(({ id, octets }) => [id, keyJson(octets)]));
}

export function roleKeysJson({ keyIds, threshold }: RoleKeys): { keyids: readonly string[]; threshold: number } {
  return { keyids: keyIds, threshold };
}

/** Whether the same keys in the same number speak. */
export function sameRoleKeys(a: RoleKeys, b: RoleKeys): boolean {
  return a.threshold === b.threshold && a.keyIds.length === b.keyIds.length && a.keyIds.every((id) => b.keyIds.includes(id));
}
