import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EpochMillis } from "@metersmith/base/clock";
import { writeFileAtomic } from "@metersmith/node/atomic-file";
import { day, type CertificateAuthority } from "@metersmith/node/certificate-authority";

const validity = 365 * day;
/** A certificate with less time left is made anew at a start. */
const least = 30 * day;

/**
 * A certificate with its key for each role, in files of its name (`reader.pem`) for their owner alone: what a head-end of this demonstration shows. Those that are there and
 * good stay.
 */
export async function ensureClientCertificates(folder: string, authority: CertificateAuthority, roles: readonly string[], now: EpochMillis): Promise<void> {
  for (const role of roles) {
    const file = join(folder, `${role}.pem`);
    if (await isGood(file, authority, now)) continue;
    const { certificate, key } = await authority.issueClient({ name: `demonstration ${role}`, unit: role }, now, now + validity);
    await writeFileAtomic(file, certificate + key, 0o600);
  }
}

async function isGood(file: string, authority: CertificateAuthority, now: EpochMillis): Promise<boolean> {
  try {
    const certificate = new X509Certificate(await readFile(file, "utf8"));
    return certificate.verify(new X509Certificate(authority.certificate).publicKey) && Date.parse(certificate.validTo) - now > least;
  } catch {
    return false;
  }
}
