import { digestOf, type Digest } from "@metersmith/base/digest";
import { verifies } from "@metersmith/base/ed25519";
import type { DeviceType } from "../device-type/device-type.ts";
import { deviceTypeFrom } from "../device-type/read-device-type.ts";
import { ProgramsError } from "../errors.ts";
import { signedArchives } from "./archive-form.ts";
import { decodeContents } from "./contents.ts";
import type { ManufacturerTrust, TrustedManufacturer } from "./manufacturer-trust.ts";

/** An archive that a trusted manufacturer signed, whole and free of contradiction. */
export interface OpenedArchive {
  readonly deviceType: DeviceType;
  readonly signedBy: TrustedManufacturer;
  readonly keyId: Uint8Array;
  /** Of the archive's octets: its address where it is stored. */
  readonly archiveDigest: Digest;
}

/**
 * Takes an archive from whoever: bounds, then the signature, then what is in it. Nothing of the contents is read before the signature is right. `now`:
 * seconds since 1970. Throws `archive-too-large`, `archive-invalid`, `unknown-key`, `key-not-allowed`, `bad-signature`, `device-type-invalid`.
 */
export function openArchive(bytes: Uint8Array, trust: ManufacturerTrust, now: number): OpenedArchive {
  const { keyId, payload, signature } = signedArchives.decode(bytes);
  const signedBy = trust.keyFor(keyId, now);
  if (!verifies(signature, signedArchives.signedOctets(keyId, payload), signedBy.publicKey)) {
    throw new ProgramsError("bad-signature", "signature: is not the key's over these contents", { context: { place: "signature" } });
  }
  const deviceType = deviceTypeFrom(decodeContents(payload));
  const { code } = deviceType.files.manifest.manufacturer;
  if (code !== signedBy.code) {
    throw new ProgramsError("key-not-allowed", `manifest.json: manufacturer.code: the type is of ${code}; this key signs for ${signedBy.code}`, { context: { file: "manifest.json", field: "manufacturer.code" } });
  }
  return { deviceType, signedBy, keyId, archiveDigest: digestOf(bytes) };
}

/** The files of an archive and who says that they signed it. Nobody has checked it: to show, not to act on. Throws `archive-too-large`, `archive-invalid`. */
export function unverifiedArchive(bytes: Uint8Array): { readonly files: ReadonlyMap<string, unknown>; readonly keyId: Uint8Array } {
  const { keyId, payload } = signedArchives.decode(bytes);
  return { files: decodeContents(payload), keyId };
}
