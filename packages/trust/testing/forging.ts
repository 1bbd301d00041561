import { digestOf } from "@metersmith/base/digest";
import { decodeSignedFile, encodeSignedFile, withSignatures, type Signer } from "../index.ts";
import type { Json } from "../metadata/canonical-json.ts";
import { signers, type RepositoryUnderTest } from "./repository-under-test.ts";

export type Members = Record<string, Json>;

/** The repository's folder with one file changed, as whoever holds these keys can. */
export async function forged(repository: RepositoryUnderTest, path: string, change: (signed: Members) => void, ...by: readonly Signer[]): Promise<Map<string, Uint8Array>> {
  const blobs = new Map(repository.blobs.blobs);
  const file = decodeSignedFile(repository.public(path), path, 1e6);
  const signed = structuredClone(file.signed) as Members;
  change(signed);
  blobs.set(`public/${path}`, encodeSignedFile(await withSignatures({ signed, signatures: by.length > 0 ? new Map() : file.signatures }, by)));
  return blobs;
}

/** The same with snapshot and timestamp signed anew over it: by whoever holds the online keys. */
export async function forgedOnline(blobs: Map<string, Uint8Array>, versions: Record<string, number>): Promise<Map<string, Uint8Array>> {
  const of = (path: string): Members => structuredClone(decodeSignedFile(blobs.get(`public/${path}`) ?? new Uint8Array(0), path, 1e6).signed) as Members;
  const timestamp = of("metadata/timestamp.json") as { version: number; meta: { "snapshot.json": { version: number } } } & Members;
  const snapshot = of(`metadata/${timestamp.meta["snapshot.json"].version}.snapshot.json`) as { version: number; meta: Members } & Members;
  snapshot.version += 1;
  for (const [role, version] of Object.entries(versions)) snapshot.meta[`${role}.json`] = { version };
  const octets = encodeSignedFile(await withSignatures({ signed: snapshot, signatures: new Map() }, [signers.snapshot]));
  timestamp.version += 1;
  const meta = { "snapshot.json": { version: snapshot.version, length: octets.length, hashes: { sha256: digestOf(octets).slice(7) } } };
  blobs.set(`public/metadata/${snapshot.version}.snapshot.json`, octets);
  blobs.set("public/metadata/timestamp.json", encodeSignedFile(await withSignatures({ signed: { ...timestamp, meta }, signatures: new Map() }, [signers.timestamp])));
  return blobs;
}
