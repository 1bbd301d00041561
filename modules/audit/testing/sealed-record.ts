import { toHex } from "@metersmith/base/bytes";
import { keyIdOf, publicKeyOf, sign } from "@metersmith/base/ed25519";
import type { AuditEntry, AuditKey, AuditSeal } from "../api/contract.ts";
import { entryLeaf, rootOf, type SealBody, sealDigest, sealOctets } from "../rules/digests.ts";

const secret = new Uint8Array(32).fill(7);
const publicKey = publicKeyOf(secret);

export const testKey: AuditKey = { id: toHex(keyIdOf(publicKey)), publicKey: toHex(publicKey) };
export const testOrganization = "01999999-0000-7000-8000-000000000001";

const hexadecimal = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** The entry of a number. */
export function testEntry(number: number): AuditEntry {
  return {
    id: `01999999-0000-7000-8000-${hexadecimal(number, 12)}`,
    organization: testOrganization,
    at: new Date(Date.UTC(2026, 10, 25, 7) + number * 1000).toISOString(),
    actor: { kind: "person", id: "ann", name: "ann@site.test", roles: ["metering"] },
    address: "127.0.0.1",
    session: null,
    verb: "meter.program",
    object: { kind: "meter", id: `m${number}`, name: null },
    digest: `sha256:${hexadecimal(number, 64)}`,
    reason: null,
    facts: {},
  };
}

/** A record of batches of so many entries each, as lines of an exported file. */
export function testRecord(sizes: readonly number[]): string[] {
  const lines: unknown[] = [{ format: "metersmith-audit/1", site: "test", organization: { id: testOrganization, name: "Test" }, keys: [testKey] }];
  let before: AuditSeal | undefined;
  let first = 1;
  for (const [at, size] of sizes.entries()) {
    const entries = Array.from({ length: size }, (_, place) => testEntry(first + place));
    const body: SealBody = {
      organization: testOrganization,
      number: at + 1,
      first,
      entries: size,
      root: rootOf(entries.map(entryLeaf)),
      previous: before ? sealDigest(before) : null,
      at: new Date(Date.UTC(2026, 10, 25, 8) + at * 1000).toISOString(),
      key: testKey.id,
    };
    before = { ...body, signature: toHex(sign(sealOctets(body), secret)) };
    lines.push(...entries.map((entry) => ({ entry })), { seal: before });
    first += size;
  }
  return lines.map((line) => JSON.stringify(line));
}
