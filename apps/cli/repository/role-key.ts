import { stat } from "node:fs/promises";
import { fromHex, toHex } from "@metersmith/base/bytes";
import { publicKeyOf, sign } from "@metersmith/base/ed25519";
import { Failure } from "@metersmith/base/errors";
import { openSecret, sealSecret } from "@metersmith/node/sealed-key";
import { systemRandom } from "@metersmith/node/system-random";
import { publicKey, type PublicKey, type Signer } from "@metersmith/trust";
import { z } from "zod";
import { readText } from "../files.ts";
import { makeKeyFile } from "../new-key-file.ts";

const octets32 = z.string().regex(/^[0-9a-f]{64}$/);
const publicFile = z.strictObject({ format: z.literal("metersmith-role-public-key-1"), publicKey: octets32 });
const hex = z.string().regex(/^([0-9a-f]{2}){1,128}$/);
const secretFile = z.strictObject({
  format: z.literal("metersmith-role-secret-key-1"), publicKey: octets32, secret: z.strictObject({ cost: z.number().int(), salt: hex, nonce: hex, sealed: hex }),
});

/** Makes a key pair for roles of a repository: `NAME.secret.json`, sealed by the passphrase, and `NAME.public.json`. Files that are there are refused. */
export async function makeRoleKey(name: string, passphrase: string): Promise<PublicKey> {
  const secret = systemRandom.bytes(32);
  const key = publicKey(publicKeyOf(secret));
  const shown = { publicKey: toHex(key.octets) };
  const sealed = await sealSecret(secret, passphrase, purpose(shown.publicKey));
  await makeKeyFile(`${name}.secret.json`, { format: "metersmith-role-secret-key-1", ...shown, secret: sealed }, 0o600);
  await makeKeyFile(`${name}.public.json`, { format: "metersmith-role-public-key-1", ...shown }, 0o644);
  return key;
}

export async function readRolePublicKey(file: string): Promise<PublicKey> {
  const parsed = publicFile.safeParse(await jsonIn(file));
  if (!parsed.success) throw new Failure("input", "bad-key", `${file}: no public key of a role, as repository keygen writes it`, { file });
  return publicKey(fromHex(parsed.data.publicKey));
}

/** A signer from its sealed file. @throws Failure that never holds what is in the file */
export async function openRoleKey(file: string, passphrase: (file: string) => Promise<string>): Promise<Signer> {
  const parsed = secretFile.safeParse(await jsonIn(file));
  if (!parsed.success) throw new Failure("input", "bad-key", `${file}: no secret key of a role, as repository keygen writes it`, { file });
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) throw new Failure("input", "file", `${file}: others may read it; chmod 600 ${file}`, { file });
  const secret = await openSecret(parsed.data.secret, await passphrase(file), purpose(parsed.data.publicKey));
  if (toHex(publicKeyOf(secret)) !== parsed.data.publicKey) throw new Failure("input", "bad-key", `${file}: its public key is not that of its secret key`, { file });
  return { key: publicKey(publicKeyOf(secret)), sign: (message) => sign(message, secret) };
}

const purpose = (key: string): string => `metersmith role key ${key}`;

async function jsonIn(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would show what it read.
    throw new Failure("input", "bad-key", `${file}: this is no JSON`, { file });
  }
}
