import { isPublicKey, keyIdOf, verifies } from "@metersmith/base/ed25519";
import { deviceTypeFrom, parseDeviceTypeFiles } from "../device-type/read-device-type.ts";
import { ProgramsError } from "../errors.ts";
import { largestArchive, signedArchives } from "./archive-form.ts";
import { refusals } from "./archive-error.ts";
import { encodeContents } from "./contents.ts";

/** Who signs: a key in memory, or a port to where the key is kept. */
export interface ArchiveSigner {
  readonly publicKey: Uint8Array;
  /** An Ed25519 signature (64 octets) over the message as it is. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * Packs the files of a device type (name → text; `*.md` are left out) into one signed archive. The same values and key give the same octets, whatever the
 * formatting of the files. Throws as `readDeviceType`, `archive-too-large`, and `bad-signature` where the signer's answer is none: then nothing leaves.
 */
export async function packDeviceType(files: ReadonlyMap<string, string>, signer: ArchiveSigner): Promise<Uint8Array> {
  const parsed = parseDeviceTypeFiles(files);
  deviceTypeFrom(parsed);
  const payload = encodeContents(parsed);
  const keyId = keyIdOf(signer.publicKey);
  const message = signedArchives.signedOctets(keyId, payload);
  const signature = await signer.sign(message);
  if (!isPublicKey(signer.publicKey) || !verifies(signature, message, signer.publicKey)) {
    throw new ProgramsError("bad-signature", "signature: the signer's answer is no signature of its key over these contents", { kind: "misuse", context: { place: "signature" } });
  }
  const archive = signedArchives.encode({ keyId, payload, signature });
  if (archive.length > largestArchive) throw refusals.tooLarge("archive", archive.length, largestArchive);
  return archive;
}
