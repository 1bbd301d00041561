import { keyIdOf, sign, verifies } from "@metersmith/base/ed25519";
import { ImagesError } from "./images-error.ts";
import { encodeImage } from "./image.ts";
import { encodeInventory, inventoryFor, rootOf } from "./inventory/inventory.ts";
import { pageDigests } from "./inventory/pages.ts";
import { reviewedDigest, type ReviewedTable } from "./inventory/reviewed-table.ts";
import { decodeManifest, encodeManifest } from "./manifest/manifest-codec.ts";
import type { Manifest } from "./manifest/manifest.ts";
import { checkFirmwareModule } from "./payload/firmware-module.ts";
import { decodeProgram, encodeProgram, type ProgramStep } from "./payload/program-steps.ts";
import { signedManifests } from "./signature/cose-sign1.ts";
import { checkPublicKey, publicKeyOf } from "./signature/ed25519.ts";

/** Who signs: a key in memory, or a port to where the key is kept. */
export interface Signer {
  readonly publicKey: Uint8Array;
  /** An Ed25519 signature (64 octets) over the message as it is. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A manifest without what follows from the payload, and what to put in. */
export interface ImageDraft extends Omit<Manifest, "kind" | "size" | "root" | "test"> {
  readonly content: { readonly kind: "program"; readonly steps: readonly ProgramStep[] } | { readonly kind: "firmware"; readonly module: Uint8Array };
  /** Default: no. */
  readonly test?: boolean;
  /** Tables it was reviewed against, whole, each with the mask of the bits that must still be as they are. */
  readonly reviewed?: readonly { readonly table: number; readonly bytes: Uint8Array; readonly mask: Uint8Array }[];
}

/** A signer over a 32-octet secret key. Throws `bad-key`. */
export function keySigner(secretKey: Uint8Array): Signer {
  const kept = secretKey.slice();
  return { publicKey: publicKeyOf(kept), sign: (message) => sign(message, kept) };
}

/**
 * Builds and signs an image. The same draft gives the same octets, and, Ed25519 being deterministic, so does the same key. Throws `bad-draft` where the
 * draft breaks the format, `bad-key`, and `bad-signature` where the signer's answer is none: then nothing leaves.
 */
export async function buildImage(draft: ImageDraft, signer: Signer): Promise<Uint8Array> {
  const { content, reviewed = [], test = false, ...rest } = draft;
  const payload = content.kind === "program" ? encodeProgram(content.steps) : content.module;
  const pages = pageDigests(payload, rest.pageSize);
  const inventory = encodeInventory({ pages, reviewed: reviewed.map(asReviewed).sort((a, b) => a.table - b.table) });
  const manifest: Manifest = { ...rest, kind: content.kind, test, size: payload.length, root: rootOf(inventory) };
  const bytes = checked(manifest, inventory, payload);
  checkPublicKey(signer.publicKey);
  const keyId = keyIdOf(signer.publicKey);
  const message = signedManifests.signedOctets(keyId, bytes);
  const signature = await signer.sign(message);
  if (!verifies(signature, message, signer.publicKey)) {
    throw new ImagesError("misuse", "bad-signature", "The signer's answer is no signature of its key over this manifest.", { place: "signature" });
  }
  return encodeImage({ signedManifest: signedManifests.encode({ keyId, payload: bytes, signature }), inventory, payload });
}

function asReviewed({ table, bytes, mask }: { table: number; bytes: Uint8Array; mask: Uint8Array }): ReviewedTable {
  const digest = reviewedDigest(bytes, mask);
  if (!digest) throw new ImagesError("misuse", "bad-draft", `Table ${table}: ${bytes.length} octets under a mask of ${mask.length}.`, { place: `table ${table}`, expected: bytes.length, actual: mask.length });
  return { table, mask, digest };
}

/** The manifest's octets, after reading all parts as a meter will. */
function checked(manifest: Manifest, inventory: Uint8Array, payload: Uint8Array): Uint8Array {
  try {
    const bytes = encodeManifest(manifest);
    inventoryFor(decodeManifest(bytes), inventory);
    if (manifest.kind === "program") decodeProgram(payload);
    else checkFirmwareModule(payload);
    return bytes;
  } catch (error) {
    if (!(error instanceof ImagesError)) throw error;
    throw new ImagesError("input", "bad-draft", error.message, error.context, error);
  }
}
