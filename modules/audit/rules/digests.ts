import { fromHex, toHex } from "@metersmith/base/bytes";
import { encodeCbor } from "@metersmith/base/cbor";
import { digestOfValue } from "@metersmith/base/digest";
import type { AuditEntry, AuditSeal } from "../api/contract.ts";
import { leafHash, treeRoot } from "./hash-tree.ts";

/** Bound into what is hashed and signed, so that neither passes for the other, nor for anything else of ours. */
const entryPurpose = "metersmith audit entry 1";
const sealPurpose = "metersmith audit seal 1";

/**
 * The leaf of an entry: deterministic CBOR of `[purpose, entry]`, times as whole milliseconds, hashed under the prefix of a leaf. The
 * order of keys and the spelling of a time do not count, everything else does.
 */
export function entryLeaf(entry: AuditEntry): Uint8Array {
  return leafHash(encodeCbor([entryPurpose, { ...entry, at: Date.parse(entry.at) }]));
}

/** A seal before it is signed. */
export type SealBody = Omit<AuditSeal, "signature">;

/** The octets that a seal's signature is over: deterministic CBOR of `[purpose, body]`, the time as whole milliseconds. */
export function sealOctets(body: SealBody): Uint8Array {
  const { organization, number, first, entries, root, previous, at, key } = body;
  return encodeCbor([sealPurpose, { organization, number, first, entries, root, previous, at: Date.parse(at), key }]);
}

/** What the next seal names as `previous`: over the body and its signature. */
export function sealDigest(seal: AuditSeal): string {
  return digestOfValue(["metersmith audit previous 1", sealOctets(seal), seal.signature]);
}

export function rootOf(leaves: readonly Uint8Array[]): string {
  return `sha256:${toHex(treeRoot(leaves))}`;
}

export const leafText = (leaf: Uint8Array): string => `sha256:${toHex(leaf)}`;

/** Octets of a digest as it is written. */
export const digestOctets = (text: string): Uint8Array => fromHex(text.slice("sha256:".length));
