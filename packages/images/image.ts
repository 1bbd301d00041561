import { encodeCbor } from "@metersmith/base/cbor";
import { items } from "./cbor-reader.ts";
import { largestInventory } from "./inventory/inventory.ts";
import { largestPayload } from "./manifest/manifest.ts";
import { decodeManifest } from "./manifest/manifest-codec.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { signedManifests } from "./signature/cose-sign1.ts";

/** The three parts of an image, each as it travels. */
export interface ImageParts {
  /** COSE_Sign1 over the manifest; goes first. */
  readonly signedManifest: Uint8Array;
  readonly inventory: Uint8Array;
  readonly payload: Uint8Array;
}

const largestImage = largestPayload + largestInventory + 1024;

/** An image as one file: a CBOR array of the three parts. */
export function encodeImage({ signedManifest, inventory, payload }: ImageParts): Uint8Array {
  return encodeCbor([signedManifest, inventory, payload]);
}

/** Takes the file apart; nothing is checked beyond its outer form. Throws `bad-image`, `too-large`. */
export function decodeImage(bytes: Uint8Array): ImageParts {
  const [signedManifest, inventory, payload] = items.array(items.read(bytes, "image", largestImage), "image", 3);
  return { signedManifest: items.octets(signedManifest, "signed manifest"), inventory: items.octets(inventory, "inventory"), payload: items.octets(payload, "payload") };
}

/** What a signed manifest says, and who says so. Nobody has checked it: to show, not to act on. Throws `bad-image`, `too-large`. */
export function unverifiedManifest(signedManifest: Uint8Array): { readonly manifest: Manifest; readonly keyId: Uint8Array } {
  const sign1 = signedManifests.decode(signedManifest);
  return { manifest: decodeManifest(sign1.payload), keyId: sign1.keyId };
}
