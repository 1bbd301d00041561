import "reflect-metadata";
import { randomBytes, webcrypto, X509Certificate } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EpochMillis } from "@metersmith/base/clock";
import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, cryptoProvider, ExtendedKeyUsage, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, PemConverter,
  SubjectAlternativeNameExtension, SubjectKeyIdentifierExtension, X509Certificate as Certificate, X509CertificateGenerator,
} from "@peculiar/x509";
import { writeFileAtomic } from "./atomic-file.ts";
import { MachineError } from "./machine-error.ts";

/** A certificate and its private key, PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface ServerIdentity {
  readonly name: string;
  /** IP addresses that it is reached at. */
  readonly addresses: readonly string[];
}

export interface ClientIdentity {
  readonly name: string;
  /** Goes into the subject's OU. */
  readonly unit: string;
}

/** A small certificate authority of one installation (RFC 5280, ECDSA P-256). It revokes nothing: what it issues lives for a year at most. */
export interface CertificateAuthority {
  /** PEM: what the other side trusts. */
  readonly certificate: string;
  issueServer(identity: ServerIdentity, from: EpochMillis, until: EpochMillis): Promise<IssuedCertificate>;
  issueClient(identity: ClientIdentity, from: EpochMillis, until: EpochMillis): Promise<IssuedCertificate>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
export const day = 86_400_000;
const lifeTime = 3650 * day;
/** Clocks differ: certificates begin to be valid a little before they are made. */
const leeway = day;
const pemBlock = /-----BEGIN (CERTIFICATE|PRIVATE KEY)-----[^-]+-----END \1-----\n?/g;

/**
 * Opens the authority in a folder, or makes it there at the first start: `authority.pem` with its key, for its owner alone, and `authority.crt` to hand out.
 * Throws `MachineError` `authority-unusable` where the file is damaged or its time is over: it is never replaced unasked, for others trust it.
 */
export async function openCertificateAuthority(folder: string, name: string, now: EpochMillis): Promise<CertificateAuthority> {
  cryptoProvider.set(webcrypto as Crypto);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "authority.pem");
  const kept = (await textOf(file)) ?? (await madeAuthority(file, name, now));
  const [certificate = "", key = ""] = kept.match(pemBlock) ?? [];
  const signingKey = await signingKeyOf(key, certificate, file, now);
  const issuer = new Certificate(certificate);
  await writeFileAtomic(join(folder, "authority.crt"), certificate, 0o644);
  const issue = async (subject: Subject, extensions: readonly Extension[], from: EpochMillis, until: EpochMillis): Promise<IssuedCertificate> => {
    const keys = await newKeys();
    const made = await X509CertificateGenerator.create({
      serialNumber: serialNumber(), subject: [...subject], issuer: issuer.subject, notBefore: new Date(from - leeway), notAfter: new Date(until),
      publicKey: keys.publicKey, signingKey, signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey), await AuthorityKeyIdentifierExtension.create(issuer), ...extensions,
      ],
    });
    return { certificate: `${made.toString("pem")}\n`, key: await pemOfKey(keys.privateKey) };
  };
  return {
    certificate,
    issueServer: ({ name: commonName, addresses }, from, until) =>
      issue([{ CN: [commonName] }], [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]), new SubjectAlternativeNameExtension(addresses.map((value) => ({ type: "ip" as const, value })))], from, until),
    issueClient: ({ name: commonName, unit }, from, until) => issue([{ CN: [commonName] }, { OU: [unit] }], [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])], from, until),
  };
}

type Subject = readonly Readonly<Record<string, string[]>>[];
type Extension = ExtendedKeyUsageExtension | SubjectAlternativeNameExtension;

async function madeAuthority(file: string, name: string, now: EpochMillis): Promise<string> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(), name: [{ CN: [name] }], notBefore: new Date(now - leeway), notAfter: new Date(now + lifeTime), keys, signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true), await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const content = `${certificate.toString("pem")}\n${await pemOfKey(keys.privateKey)}`;
  await writeFileAtomic(file, content, 0o600);
  return content;
}

async function signingKeyOf(key: string, certificate: string, file: string, now: EpochMillis): Promise<CryptoKey> {
  const unusable = (what: string, cause?: unknown): MachineError => new MachineError("input", "authority-unusable", `${file} ${what}. Move it away to begin anew; then all certificates have to be handed out again.`, { file }, cause);
  try {
    const { validTo } = new X509Certificate(certificate);
    if (Date.parse(validTo) <= now) throw unusable(`was valid until ${validTo}`);
    return (await webcrypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(key), algorithm, false, ["sign"])) as CryptoKey;
  } catch (error) {
    if (error instanceof MachineError) throw error;
    throw unusable("is not the certificate and key that were written there", error);
  }
}

async function newKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
}

async function pemOfKey(key: CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets; here 127 random bits. */
function serialNumber(): string {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets.toString("hex");
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
