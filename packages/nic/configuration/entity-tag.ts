import { toHex } from "@metersmith/base/bytes";
import { sha256 } from "@noble/hashes/sha2.js";
import { NicError } from "../nic-error.ts";
import type { Form } from "./media-type.ts";

/** The strong entity tag of a table in one form (RFC 9110 §8.8.3): the SHA-256 of its octets, and the form. */
export function entityTag(octets: Uint8Array, form: Form): string {
  return `"${toHex(sha256(octets))}.${form}"`;
}

/**
 * Holds an If-Match header against the table as it is now; the tag of any form will do, for all stand for the same octets. `*` is no comparison. Throws `compare-needed`,
 * `changed-meanwhile`.
 */
export function mustMatch(ifMatch: string | undefined, octets: Uint8Array, table: number): void {
  if (ifMatch === undefined || ifMatch.trim() === "*") {
    throw new NicError("compare-needed", "Say in If-Match which state of the table the change was made from: the ETag that a GET of it gave.", { table });
  }
  const now = toHex(sha256(octets));
  const given = [...ifMatch.matchAll(/(W\/)?"([^"]*)"/g)].filter(([, weak]) => weak === undefined).map(([, , tag = ""]) => tag.replace(/\.(json|edl|octets)$/, ""));
  if (!given.includes(now)) throw new NicError("changed-meanwhile", `Table ${table} is not as it was when it was read. Read it again, and change that.`, { table });
}
