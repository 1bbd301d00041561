import { writeFileAtomic } from "@metersmith/node/atomic-file";
import { decodeSignedFile, describeMetadata, encodeSignedFile, largest, withSignatures } from "@metersmith/trust";
import { fileFailure } from "../failure.ts";
import { readOctets } from "../files.ts";
import { columns, tell } from "../output.ts";
import { readPassphrase } from "./passphrase.ts";
import { makeRoleKey, openRoleKey } from "./role-key.ts";

interface KeyOptions {
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

export async function makeKey(name: string, { passphraseFile, json }: KeyOptions): Promise<void> {
  const key = await makeRoleKey(name, await readPassphrase(passphraseFile, `New passphrase for ${name}: `));
  tell(json, { ok: true, keyId: key.id, publicKey: key.octets, secretFile: `${name}.secret.json`, publicFile: `${name}.public.json` }, () => [
    `key ${key.id}`, `${name}.secret.json  signs; sealed by the passphrase, keep it where it is`, `${name}.public.json  give it to whoever keeps the repository`,
  ]);
}

export async function signFile(file: string, { key, passphraseFile, json }: KeyOptions & { readonly key: string }): Promise<void> {
  const before = decodeSignedFile(new Uint8Array(await readOctets(file)), file, largest.targets);
  const description = describeMetadata(before, file);
  const lines = [
    `${file}: ${description.type}, version ${description.version}, until ${new Date(description.expires * 1000).toISOString().slice(0, 10)}`,
    ...columns(description.speakers.map(({ role, keys, paths }) => [`  ${role}`, `${keys.threshold} of ${keys.keyIds.map((id) => id.slice(0, 16)).join(", ")}`, (paths ?? []).join(" ")])),
  ];
  if (!json) process.stderr.write(`${lines.join("\n")}\n`);
  const signer = await openRoleKey(key, (name) => readPassphrase(passphraseFile, `Passphrase of ${name}: `));
  const after = await withSignatures(before, [signer]);
  try {
    await writeFileAtomic(file, encodeSignedFile(after), 0o644);
  } catch (error) {
    throw fileFailure(error, file);
  }
  tell(json, { ok: true, file, type: description.type, version: description.version, signedBy: signer.key.id, signatures: [...after.signatures.keys()] }, () => [
    `signed by ${signer.key.id.slice(0, 16)}; ${after.signatures.size} signatures`,
  ]);
}
