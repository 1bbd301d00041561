import { delegatedRoles, type PublishedState } from "./published-state.ts";
import type { Delegations } from "../metadata/delegations.ts";
import type { KeyRing, RoleKeys } from "../metadata/role-keys.ts";
import type { Root } from "../metadata/root.ts";
import type { SignedFile } from "../metadata/signed-file.ts";
import type { Targets } from "../metadata/targets.ts";
import { signersOf } from "../verify/threshold.ts";
import type { Staged } from "./staged.ts";

/** What of the staged files can be published, and why the rest waits. They belong together: all of them, or none. */
export interface CompleteStaged {
  readonly staged: Staged;
  readonly waiting: readonly string[];
}

export function completeStaged(staged: Staged, published: PublishedState | undefined): CompleteStaged {
  const open = withoutPublished(staged, published);
  const waiting = missingSignatures(open, published);
  return waiting.length === 0 ? { staged: open, waiting } : { staged: { roles: new Map() }, waiting };
}

/** A publication that was cut before it cleared them away leaves files staged that are public already. */
export function withoutPublished({ root, roles }: Staged, published: PublishedState | undefined): Staged {
  return {
    ...(root && root.root.version > (published?.root.version ?? 0) ? { root } : {}),
    roles: new Map([...roles].filter(([name, { targets }]) => targets.version > (published?.snapshot?.versions.get(name) ?? 0))),
  };
}

/** One line for each staged file that has not enough signatures: of which keys it has how many. */
export function missingSignatures({ root, roles }: Staged, published: PublishedState | undefined): readonly string[] {
  const lines: string[] = [];
  const look = (name: string, by: string, file: SignedFile, keys: KeyRing, role: RoleKeys | undefined): void => {
    if (!role) return void lines.push(`${name}: nobody delegates to it`);
    const signed = signersOf(file, keys, role);
    if (signed.length >= role.threshold) return;
    const open = role.keyIds.filter((id) => !signed.includes(id)).map((id) => id.slice(0, 16));
    lines.push(`${name}: ${signed.length} of ${role.threshold} signatures${by}; of keys ${open.join(", ")}`);
  };
  if (!root && roles.size === 0 && published) return [];
  if (root) {
    look("root", "", root.file, root.root.keys, root.root.roles.root);
    if (published && root.root.version > 1) look("root", " by the root before it", root.file, published.root.keys, published.root.roles.root);
  }
  const newRoot: Root | undefined = root?.root ?? published?.root;
  if (!newRoot) return ["root: nothing is published or staged"];
  const top: Targets | undefined = roles.get("targets")?.targets ?? published?.top;
  const delegations: Delegations | undefined = top?.delegations;
  for (const [name, { file }] of roles) {
    if (name === "targets") look(name, "", file, newRoot.keys, newRoot.roles.targets);
    else look(name, "", file, delegations?.keys ?? new Map(), delegatedRoles(top).find((role) => role.name === name));
  }
  return lines;
}
