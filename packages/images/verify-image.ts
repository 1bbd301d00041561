import { verifies } from "@metersmith/base/ed25519";
import { decodeImage } from "./image.ts";
import { ImagesError } from "./images-error.ts";
import { inventoryFor, type Inventory } from "./inventory/inventory.ts";
import { checkPayload } from "./inventory/pages.ts";
import { decodeManifest } from "./manifest/manifest-codec.ts";
import type { EpochSeconds, Manifest } from "./manifest/manifest.ts";
import { checkFirmwareModule } from "./payload/firmware-module.ts";
import { decodeProgram, type ProgramStep } from "./payload/program-steps.ts";
import { signedManifests } from "./signature/cose-sign1.ts";
import type { Trust } from "./signature/trust.ts";

/** What an image carries, read. */
export type ImageContent = { readonly kind: "program"; readonly steps: readonly ProgramStep[] } | { readonly kind: "firmware"; readonly module: Uint8Array };

/** An image that is whole and signed by a trusted key. Whether it is for a meter, `applicability` says. */
export interface VerifiedImage {
  readonly manifest: Manifest;
  readonly keyId: Uint8Array;
  readonly inventory: Inventory;
  readonly payload: Uint8Array;
  readonly content: ImageContent;
}

/**
 * The manifest, once a trusted key has signed exactly these octets. `now` is undefined where the time is not known.
 * Throws `bad-image`, `too-large`, `unknown-key`, `key-not-allowed`, `bad-signature`.
 */
export function verifyManifest(signedManifest: Uint8Array, trust: Trust, now: EpochSeconds | undefined): Manifest {
  const { keyId, payload, signature } = signedManifests.decode(signedManifest);
  // The kind decides which keys count, so it is read first; nothing else is believed before the signature is right.
  const manifest = decodeManifest(payload);
  const key = trust.keyFor(keyId, manifest.kind, now);
  if (!verifies(signature, signedManifests.signedOctets(keyId, payload), key)) {
    throw new ImagesError("peer-data", "bad-signature", "The signature is not the key's over this manifest.", { place: "signature" });
  }
  return manifest;
}

/** All of a whole image. Throws as `verifyManifest`, and `not-bound`. */
export function verifyImage(bytes: Uint8Array, trust: Trust, now: EpochSeconds | undefined): VerifiedImage {
  const parts = decodeImage(bytes);
  const manifest = verifyManifest(parts.signedManifest, trust, now);
  const inventory = inventoryFor(manifest, parts.inventory);
  checkPayload(manifest, inventory, parts.payload);
  return { manifest, keyId: signedManifests.decode(parts.signedManifest).keyId, inventory, payload: parts.payload, content: readContent(manifest, parts.payload) };
}

/** Reads a payload that has passed `checkPayload`. Throws `bad-image`. */
export function readContent({ kind }: Manifest, payload: Uint8Array): ImageContent {
  if (kind === "program") return { kind, steps: decodeProgram(payload) };
  checkFirmwareModule(payload);
  return { kind, module: payload };
}
