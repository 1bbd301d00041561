import { open } from "node:fs/promises";
import { fromHex, toHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import { type ImageKind, ImagesError, keyIdOf, publicKeyOf, readPublicKey, type TrustedKey } from "@metersmith/images";
import { z } from "zod";
import { fileFailure } from "../failure.ts";
import { readText } from "../files.ts";
import { makeKeyFile } from "../new-key-file.ts";

const octets32 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");
const kinds = z.array(z.enum(["program", "firmware"])).min(1);

/** A key to sign with; for its owner alone. */
const secretKeyFile = z.strictObject({ format: z.literal("metersmith-secret-key-1"), kinds, publicKey: octets32, secretKey: octets32 });

export interface KeyPair {
  readonly kinds: readonly ImageKind[];
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

export function keyIdText(publicKey: Uint8Array): string {
  return toHex(keyIdOf(publicKey));
}

/** Makes both files. A file that is there already is left as it is and refused: a key that was overwritten is gone. */
export async function writeKeyPair(secretFile: string, publicFile: string, { kinds: signs, publicKey, secretKey }: KeyPair): Promise<void> {
  const shared = { kinds: signs, publicKey: toHex(publicKey) };
  await makeKeyFile(secretFile, { format: "metersmith-secret-key-1", ...shared, secretKey: toHex(secretKey) }, 0o600);
  await makeKeyFile(publicFile, { format: "metersmith-public-key-1", ...shared }, 0o644);
}

/** @throws Failure that names the file and never holds what is in it. */
export async function readKeyPair(file: string): Promise<KeyPair> {
  await refuseOthersEyes(file);
  const parsed = secretKeyFile.safeParse(await quietJson(file));
  if (!parsed.success) throw notAKey(file, "secret");
  const [publicKey, secretKey] = [fromHex(parsed.data.publicKey), fromHex(parsed.data.secretKey)];
  if (toHex(publicKeyOf(secretKey)) !== parsed.data.publicKey) throw new Failure("input", "bad-key", `${file}: its public key is not that of its secret key`, { file });
  return { kinds: parsed.data.kinds, publicKey, secretKey };
}

export async function readTrustedKey(file: string): Promise<TrustedKey> {
  const document = await quietJson(file);
  try {
    return readPublicKey(document);
  } catch (error) {
    if (error instanceof ImagesError) throw notAKey(file, "public");
    throw error;
  }
}

/** The file as JSON, undefined where it is none: a parser's message would show a piece of it. */
async function quietJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A secret key that others may read is no secret. */
async function refuseOthersEyes(file: string): Promise<void> {
  let mode: number;
  try {
    const opened = await open(file, "r");
    try {
      ({ mode } = await opened.stat());
    } finally {
      await opened.close();
    }
  } catch (error) {
    throw fileFailure(error, file);
  }
  if ((mode & 0o077) !== 0) throw new Failure("input", "key-exposed", `${file} may be read by others than its owner: chmod 600 ${file}, or make a new key`, { file });
}

function notAKey(file: string, which: "secret" | "public"): Failure {
  return new Failure("input", "bad-key", `${file} is no ${which} key as image keygen writes it`, { file });
}
