import type { MeterContext } from "@metersmith/tables";
import { isBlankPassword, samePassword } from "../sessions/password.ts";
import { groupsIn, type Groups } from "../sessions/permissions.ts";
import { listIn, member } from "../tree-access.ts";

interface PasswordEntry {
  readonly offset: number;
  readonly password: Uint8Array;
  readonly groups: Groups;
}

/** Table 42 under a model's dimensions: `NBR_PASSWORDS` × (password, permissions). */
function entriesOf(context: MeterContext, image: Uint8Array): readonly PasswordEntry[] {
  const table = context.decode(42, image);
  return listIn(table.tree(), "SECURITY_ENTRIES").flatMap((entry, index) => {
    const leaf = table.layout.find(`SECURITY_ENTRIES[${index}].PASSWORD`);
    if (!leaf) return [];
    return [{ offset: leaf.offset, password: image.subarray(leaf.offset, leaf.offset + leaf.width), groups: groupsIn(member(entry, "ACCESS_PERMISSIONS")) }];
  });
}

/** The permissions that a password opens, undefined where it opens none. All entries are compared, whichever matches. */
export function groupsOpenedBy(context: MeterContext, image: Uint8Array, given: Uint8Array): Groups | undefined {
  let groups: Groups | undefined;
  for (const entry of entriesOf(context, image)) if (samePassword(entry.password, given)) groups = (groups ?? 0) | entry.groups;
  return groups;
}

/** The image as it reads: passwords are zeros (facts ST45 [R]), permissions show. */
export function maskedPasswords(context: MeterContext, image: Uint8Array): Uint8Array {
  const masked = image.slice();
  for (const { offset, password } of entriesOf(context, image)) masked.fill(0, offset, offset + password.length);
  return masked;
}

/**
 * The image to store when `written`, which began as a masked one, is written: a password of zeros stays what it was. Undefined where a
 * password would be nothing but spaces, which opens nothing and so would lock a level out.
 */
export function unmaskedPasswords(context: MeterContext, stored: Uint8Array, written: Uint8Array): Uint8Array | undefined {
  const image = written.slice();
  for (const { offset, password } of entriesOf(context, stored)) {
    const next = image.subarray(offset, offset + password.length);
    if (next.every((octet) => octet === 0)) next.set(password);
    else if (isBlankPassword(next)) return undefined;
  }
  return image;
}

/** The image with these passwords, in the order of its entries, each padded with zeros to its field. Undefined where they do not fit. */
export function withPasswords(context: MeterContext, image: Uint8Array, passwords: readonly Uint8Array[]): Uint8Array | undefined {
  const entries = entriesOf(context, image);
  if (passwords.length !== entries.length) return undefined;
  const result = image.slice();
  for (const [index, { offset, password }] of entries.entries()) {
    const given = passwords[index];
    if (!given || given.length > password.length || isBlankPassword(given)) return undefined;
    result.fill(0, offset, offset + password.length).set(given, offset);
  }
  return result;
}
