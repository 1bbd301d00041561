import { CborTag, encodeCbor } from "./cbor.ts";
import { CborItems, type CborRefusals } from "./cbor-items.ts";
import { keyIdLength, signatureLength } from "./ed25519.ts";

/** RFC 9052 §4.2: COSE_Sign1 under its tag. */
const sign1Tag = 18;
/** RFC 9052 §3.1: common header parameters. */
const header = { algorithm: 1, keyId: 4 } as const;
/** RFC 9053 §2.2: EdDSA; here with Ed25519 and nothing else. */
const edDsa = -8;

export interface Sign1 {
  readonly keyId: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Sign1Use {
  /** Bound into every signature and never sent: a signature made for something else is none for this. Ours. */
  readonly purpose: string;
  /** Octets of the whole. */
  readonly largest: number;
  /** What the whole and its payload are called where they are refused. */
  readonly place: string;
  readonly payload: string;
  readonly refuse: CborRefusals;
}

/** COSE_Sign1 (RFC 9052) with Ed25519 for one purpose: exactly one form for one content. */
export class Sign1Form {
  readonly #use: Sign1Use;
  readonly #purpose: Uint8Array;
  readonly #items: CborItems;

  constructor(use: Sign1Use) {
    this.#use = use;
    this.#purpose = new TextEncoder().encode(use.purpose);
    this.#items = new CborItems(use.refuse);
  }

  /** RFC 9052 §4.4: the octets that the signature is over. */
  signedOctets(keyId: Uint8Array, payload: Uint8Array): Uint8Array {
    return encodeCbor(["Signature1", protectedHeader(keyId), this.#purpose, payload]);
  }

  encode({ keyId, payload, signature }: Sign1): Uint8Array {
    return encodeCbor(new CborTag(sign1Tag, [protectedHeader(keyId), new Map(), payload, signature]));
  }

  /**
   * Takes exactly what `encode` makes: the algorithm and the key id in the protected header and nothing else, nothing in the unprotected one, the payload
   * inside. Nobody's signature is checked.
   */
  decode(bytes: Uint8Array): Sign1 {
    const { place, largest, refuse } = this.#use;
    const items = this.#items;
    const tagged = items.read(bytes, place, largest);
    if (!(tagged instanceof CborTag) || tagged.tag !== sign1Tag) throw refuse.bad(place, "no COSE_Sign1 (tag 18)");
    const [wrapped, open, payload, signature] = items.array(tagged.contents, place, 4);
    const map = items.fields(items.read(items.octets(wrapped, "protected header"), "protected header", largest), "protected header", Object.values(header));
    if (map.get(header.algorithm) !== edDsa) throw refuse.bad("protected header", "the algorithm is not EdDSA (-8)");
    if (items.fields(open, "unprotected header", []).size > 0) throw refuse.bad("unprotected header", "must be empty: nothing in it is signed");
    return {
      keyId: items.octets(map.get(header.keyId), "key id", keyIdLength),
      payload: items.octets(payload, this.#use.payload),
      signature: items.octets(signature, "signature", signatureLength),
    };
  }
}

function protectedHeader(keyId: Uint8Array): Uint8Array {
  return encodeCbor(new Map<number, unknown>([[header.algorithm, edDsa], [header.keyId, keyId]]));
}
