import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, toHex } from "@metersmith/base/bytes";
import { isPublicKey } from "@metersmith/base/ed25519";
import { refused, TrustError } from "../trust-error.ts";
import { encodeJson, type Json } from "./canonical-json.ts";
import type { Fields } from "./fields.ts";

export const keyIdForm = /^[0-9a-f]{64}$/;

/** An Ed25519 key under the id that follows from it: SHA-256 over the canonical JSON of its metadata, as The Update Framework's clients compute it. */
export interface PublicKey {
  readonly id: string;
  readonly octets: Uint8Array;
}

/** @throws TrustError `bad-key` */
export function publicKey(octets: Uint8Array): PublicKey {
  if (!isPublicKey(octets)) throw new TrustError("input", "bad-key", "These octets are no Ed25519 public key.", { place: "key" });
  return { id: keyIdOf(octets), octets };
}

function keyIdOf(octets: Uint8Array): string {
  return toHex(sha256(encodeJson(keyJson(octets))));
}

export function keyJson(octets: Uint8Array): Json {
  return { keytype: "ed25519", scheme: "ed25519", keyval: { public: toHex(octets) } };
}

/** A key as it stands in root or delegations. One whose id is not its own is refused: two ids for one key would count twice. */
export function readKey(id: string, fields: Fields): PublicKey {
  fields.text("keytype", /^ed25519$/);
  fields.text("scheme", /^ed25519$/);
  const octets = fromHex(fields.only(["keytype", "scheme", "keyval"]).object("keyval").only(["public"]).text("public", keyIdForm));
  // By its id first: that is cheap, and the check of the point is not.
  const key = { id: keyIdOf(octets), octets };
  if (key.id !== id) throw refused("bad-metadata", fields.place, "this id is not the key's own");
  if (!isPublicKey(octets)) throw refused("bad-metadata", fields.place, "no Ed25519 public key");
  return key;
}
