import { refused } from "../trust-error.ts";
import type { EpochSeconds } from "./common-fields.ts";
import { delegatedRolesOf } from "./delegations.ts";
import { Fields } from "./fields.ts";
import type { RoleKeys } from "./role-keys.ts";
import { topRoles } from "./role-name.ts";
import { readRoot } from "./root.ts";
import type { SignedFile } from "./signed-file.ts";
import { readTargets } from "./targets.ts";

/** What somebody who is about to sign a file should see. */
export interface MetadataDescription {
  readonly type: "root" | "targets";
  readonly version: number;
  readonly expires: EpochSeconds;
  /** Whom it gives a say. */
  readonly speakers: readonly { readonly role: string; readonly keys: RoleKeys; readonly paths?: readonly string[] }[];
  readonly targets: number;
  readonly signatures: readonly string[];
}

/** Root and targets roles are signed by hand; the others never are. Throws `bad-metadata`. */
export function describeMetadata({ signed, signatures }: SignedFile, place: string): MetadataDescription {
  const type = Fields.of(signed, place).text("_type", /^[a-z]+$/);
  const common = { signatures: [...signatures.keys()] };
  if (type === "root") {
    const { version, expires, roles } = readRoot(signed, place);
    return { ...common, type, version, expires, targets: 0, speakers: topRoles.map((role) => ({ role, keys: roles[role] })) };
  }
  if (type !== "targets") throw refused("bad-metadata", place, "only root and targets metadata are signed by hand");
  const { version, expires, targets, delegations } = readTargets(signed, place);
  return { ...common, type, version, expires, targets: targets.size, speakers: delegations ? delegatedRolesOf(delegations) : [] };
}
