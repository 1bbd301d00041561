import { aes128, type Aes128 } from "@metersmith/base/aes128";
import type { EpochMillis } from "@metersmith/base/clock";
import { asInteger, asOctets } from "../../client/argument.ts";
import { PsemError } from "../../psem-error.ts";
import type { ApTitle } from "../apdu/ap-title.ts";
import { EaxPrime } from "./eax-prime.ts";

export interface SecurityKey {
  /** 0–255: the number by which a message names its key. */
  readonly id: number;
  /** 16 bytes. */
  readonly key: Uint8Array;
  /** From then on the key opens nothing any more; without it, it does not expire. */
  readonly until?: EpochMillis;
}

/** One ring for all peers, or the ring that is held for a peer by its title; undefined where none is. */
export type KeySource = KeyRing | ((peer: ApTitle | undefined) => KeyRing | undefined);

export function keysFor(source: KeySource | undefined, peer: ApTitle | undefined): KeyRing | undefined {
  return typeof source === "function" ? source(peer) : source;
}

interface Held {
  readonly eax: EaxPrime;
  readonly until: EpochMillis;
}

/**
 * The keys of a node by number. One is used for what this end begins; each that has not expired opens what arrives, so that while keys
 * are rotated the old and the new one work side by side. Key bytes cannot be read out again.
 */
export class KeyRing {
  readonly #keys = new Map<number, Held>();
  readonly #cipher: (key: Uint8Array) => Aes128;
  #current: number;

  /** `current`: the number of the key to send under; by default the last one. Throws `bad-argument`. */
  constructor(keys: readonly SecurityKey[], current?: number, cipher: (key: Uint8Array) => Aes128 = aes128) {
    this.#cipher = cipher;
    for (const key of keys) this.#add(key);
    const last = current ?? keys.at(-1)?.id;
    if (last === undefined || !this.#keys.has(last)) {
      throw new PsemError("bad-argument", `The key to send under (${last ?? "none"}) is not among the keys.`, { field: "current" });
    }
    this.#current = last;
  }

  get currentId(): number {
    return this.#current;
  }

  /** Sends under `key` from now on; the key used so far opens what arrives until `oldUntil`, then no more. */
  rotate(key: SecurityKey, oldUntil: EpochMillis): void {
    const old = this.#keys.get(this.#current);
    if (key.id === this.#current) throw new PsemError("bad-argument", `A new key needs a number of its own; ${key.id} is in use.`, { field: "id" });
    this.#add(key);
    if (old) this.#keys.set(this.#current, { ...old, until: Math.min(old.until, oldUntil) });
    this.#current = key.id;
  }

  /** Whether `id` is the key in use now and `old` one that it has taken over from, and that still opens. */
  replaces(id: number, old: number, now: EpochMillis): boolean {
    const until = this.#keys.get(old)?.until ?? 0;
    return id === this.#current && id !== old && now < until && Number.isFinite(until);
  }

  /** The cipher of a key, or undefined where it is not held, or has expired. */
  find(id: number, now: EpochMillis): EaxPrime | undefined {
    const held = this.#keys.get(id);
    if (held && now >= held.until) {
      this.#keys.delete(id);
      return undefined;
    }
    return held?.eax;
  }

  #add({ id, key, until }: SecurityKey): void {
    asInteger(id, "key number", 0, 255);
    this.#keys.set(id, { eax: new EaxPrime(this.#cipher(asOctets(key, "key", 16, 16))), until: until ?? Number.POSITIVE_INFINITY });
  }
}
