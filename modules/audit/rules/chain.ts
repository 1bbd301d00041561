import { fromHex, toHex } from "@metersmith/base/bytes";
import { isPublicKey, keyIdOf } from "@metersmith/base/ed25519";
import type { AuditEntry, AuditKey, AuditSeal } from "../api/contract.ts";
import { AuditError, type AuditErrorCode } from "./audit-error.ts";
import { entryLeaf, leafText, rootOf, sealDigest, sealOctets } from "./digests.ts";

/** How far one organization's record has been found whole. */
export interface ChainState {
  readonly organization: string;
  readonly seals: number;
  readonly entries: number;
  /** Digest of the last seal, null before the first. */
  readonly last: string | null;
  readonly lastAt: string | null;
}

export const startOfChain = (organization: string): ChainState => ({ organization, seals: 0, entries: 0, last: null, lastAt: null });

/** A seal and what it is over, as they were read. */
export interface SealedBatch {
  readonly seal: AuditSeal;
  /** In their order; undefined where a position has no entry any more. */
  readonly entries: readonly (AuditEntry | undefined)[];
  /** The leaves as the database keeps them beside the entries; a file has none. */
  readonly leaves?: readonly string[];
}

/** Ed25519 as a port, `verifies` of packages/base in shape: a record has millions of seals, and a platform's own code checks ten while portable code checks one. */
export type SignatureCheck = (signature: Uint8Array, octets: Uint8Array, publicKey: Uint8Array) => boolean;

/** Whose signature is taken. */
export interface Trust {
  /** By the id that follows from each. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  readonly verifies: SignatureCheck;
}

/** @throws AuditError `unknown-key` where one is no public key, or does not have the id it is given under. */
export function trustIn(keys: readonly AuditKey[], verifies: SignatureCheck): Trust {
  const octets = keys.map(({ id, publicKey }): [string, Uint8Array] => {
    const key = fromHex(publicKey);
    if (!isPublicKey(key) || toHex(keyIdOf(key)) !== id) throw new AuditError("input", "unknown-key", `Key ${id} is no Ed25519 public key of this id.`, { key: id });
    return [id, key];
  });
  return { keys: new Map(octets), verifies };
}

/**
 * Takes the next seal of a record with its entries.
 * @throws AuditError naming the seal, and the position and id of the first entry that is not what was sealed.
 */
export function checkBatch(state: ChainState, { seal, entries, leaves }: SealedBatch, trust: Trust): ChainState {
  const broken = (code: AuditErrorCode, message: string, place: Record<string, string | number> = {}): AuditError =>
    new AuditError("peer-data", code, `${message}.`, { seal: seal.number, ...place });
  if (seal.organization !== state.organization) throw broken("seal-order", `Seal ${seal.number} is of another organization's record`);
  if (seal.number > state.seals + 1) throw broken("seal-missing", `Seal ${state.seals + 1} is missing: seal ${seal.number} comes after ${state.seals}`);
  if (seal.number <= state.seals) throw broken("seal-order", `Seal ${seal.number} comes after seal ${state.seals}`);
  if (seal.previous !== state.last) throw broken("seal-order", `Seal ${seal.number} does not continue the one before it`);
  if (seal.first !== state.entries + 1) throw broken("seal-order", `Seal ${seal.number} begins at position ${seal.first}, the one before ended at ${state.entries}`);
  const key = trust.keys.get(seal.key);
  if (!key) throw broken("unknown-key", `Seal ${seal.number} is signed with key ${seal.key}, which is none of those given`);
  if (!trust.verifies(fromHex(seal.signature), sealOctets(seal), key)) {
    throw broken("bad-signature", `Seal ${seal.number} does not carry the signature of key ${seal.key}: it was altered or made by another`);
  }
  const read = entries.map((entry, at) => leafOf(entry, seal.first + at, leaves?.[at], broken));
  if (entries.length !== seal.entries) {
    throw broken("entry-missing", `Seal ${seal.number} is over ${seal.entries} entries from position ${seal.first}; there are ${entries.length}`, { position: seal.first + Math.min(entries.length, seal.entries) });
  }
  if (rootOf(read) !== seal.root) {
    const to = seal.first + seal.entries - 1;
    throw broken("entry-altered", `An entry of positions ${seal.first} to ${to} was altered, or two have changed places: they are not what seal ${seal.number} was made over`, { position: seal.first });
  }
  return { organization: state.organization, seals: seal.number, entries: state.entries + seal.entries, last: sealDigest(seal), lastAt: seal.at };
}

function leafOf(
  entry: AuditEntry | undefined,
  position: number,
  stored: string | undefined,
  broken: (code: AuditErrorCode, message: string, place: Record<string, string | number>) => AuditError,
): Uint8Array {
  if (!entry) throw broken("entry-missing", `The entry at position ${position} is gone`, { position });
  const leaf = entryLeaf(entry);
  if (stored !== undefined && leafText(leaf) !== stored) {
    throw broken("entry-altered", `The entry at position ${position} (${entry.id}, ${entry.verb}) is not what was sealed`, { position, entry: entry.id });
  }
  return leaf;
}
