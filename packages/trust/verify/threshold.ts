import { verifies } from "@metersmith/base/ed25519";
import { encodeJson } from "../metadata/canonical-json.ts";
import type { KeyRing, RoleKeys } from "../metadata/role-keys.ts";
import type { SignedFile } from "../metadata/signed-file.ts";
import { refused } from "../trust-error.ts";

/** The ids of the role's keys that have signed exactly this content. Each counts once, whoever else signed does not. */
export function signersOf(file: SignedFile, keys: KeyRing, role: RoleKeys): readonly string[] {
  const message = encodeJson(file.signed);
  return role.keyIds.filter((id) => {
    const [key, signature] = [keys.get(id), file.signatures.get(id)];
    return key !== undefined && signature !== undefined && verifies(signature, message, key.octets);
  });
}

/** Throws `not-enough-signatures`. */
export function checkThreshold(file: SignedFile, keys: KeyRing, role: RoleKeys, place: string): void {
  const count = signersOf(file, keys, role).length;
  if (count < role.threshold) throw refused("not-enough-signatures", place, `signed by ${count} of the role's keys; ${role.threshold} are needed`);
}
