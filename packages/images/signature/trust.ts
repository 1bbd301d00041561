import { toHex } from "@metersmith/base/bytes";
import { keyIdOf } from "@metersmith/base/ed25519";
import { ImagesError } from "../images-error.ts";
import type { EpochSeconds, ImageKind } from "../manifest/manifest.ts";
import { checkPublicKey } from "./ed25519.ts";

/** A key that images are taken from, and for what. */
export interface TrustedKey {
  /** 32 octets. */
  readonly publicKey: Uint8Array;
  /** A key for programs signs no firmware unless it says so. */
  readonly kinds: readonly ImageKind[];
  /** In force from this time on; absent = always was. */
  readonly from?: EpochSeconds;
  /** Not in force from this time on; absent = without end. */
  readonly until?: EpochSeconds;
}

/** The keys that are trusted, each by the id that follows from it. */
export class Trust {
  readonly #keys = new Map<string, TrustedKey>();

  /** Throws `bad-key`. */
  constructor(keys: readonly TrustedKey[]) {
    for (const key of keys) {
      checkPublicKey(key.publicKey);
      this.#keys.set(toHex(keyIdOf(key.publicKey)), key);
    }
  }

  /**
   * `now` is undefined where the meter's clock is not set: a key that has a time is not taken then. Throws `unknown-key`, `key-not-allowed`.
   */
  keyFor(keyId: Uint8Array, kind: ImageKind, now: EpochSeconds | undefined): Uint8Array {
    const id = toHex(keyId);
    const key = this.#keys.get(id);
    if (!key) throw new ImagesError("peer-data", "unknown-key", `Key ${id} is not trusted here.`, { place: "key id", actual: id });
    const refuse = (what: string): ImagesError => new ImagesError("peer-data", "key-not-allowed", `Key ${id} ${what}.`, { place: "key id", actual: id });
    if (!key.kinds.includes(kind)) throw refuse(`signs no ${kind}; it is for ${key.kinds.join(" and ") || "nothing"}`);
    if (key.from === undefined && key.until === undefined) return key.publicKey;
    if (now === undefined) throw refuse("is trusted for a time only, and the time is not known");
    if (now < (key.from ?? 0)) throw refuse("is not yet in force");
    if (key.until !== undefined && now >= key.until) throw refuse("is no longer in force");
    return key.publicKey;
  }
}
