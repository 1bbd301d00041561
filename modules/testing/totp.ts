import { createHmac } from "node:crypto";

/** The code that a device shows at a time in milliseconds: RFC 6238 with SHA-1, six digits and steps of 30 s, written from the RFC. */
export function totpAt(uri: string, now: number): string {
  const secret = base32(new URL(uri).searchParams.get("secret") ?? "");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 0x0f;
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

/** RFC 4648 §6 without padding. */
export function base32(text: string): Buffer {
  const bits = text.replaceAll("=", "").split("").map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
}
