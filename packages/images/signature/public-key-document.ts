import { fromHex } from "@metersmith/base/bytes";
import { ImagesError } from "../images-error.ts";
import type { TrustedKey } from "./trust.ts";

const format = "metersmith-public-key-1";
const kinds = ["program", "firmware"] as const;

/** Reads the JSON document in which a public key is handed on: `{format, kinds, publicKey}`, the key as 64 hexadecimal digits, nothing else. Throws `bad-key`, never showing what was read. */
export function readPublicKey(document: unknown): TrustedKey {
  const given = typeof document === "object" && document !== null ? new Map(Object.entries(document)) : new Map<string, unknown>();
  const publicKey: unknown = given.get("publicKey");
  const listed: unknown = given.get("kinds");
  const signs = Array.isArray(listed) ? kinds.filter((kind) => listed.includes(kind)) : [];
  const whole = given.size === 3 && given.get("format") === format && Array.isArray(listed) && listed.length === signs.length && signs.length > 0;
  if (!whole || typeof publicKey !== "string" || !/^[0-9a-f]{64}$/.test(publicKey)) throw new ImagesError("peer-data", "bad-key", "This is no document of a public key.", { place: "public key" });
  return { publicKey: fromHex(publicKey), kinds: signs };
}
