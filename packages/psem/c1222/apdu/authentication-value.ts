import { concatBytes } from "@metersmith/base/bytes";
import { BerReader, badApdu } from "../ber/ber-reader.ts";
import { berElement } from "../ber/ber-writer.ts";

/** The calling-authentication-value: which key, and what makes this message's use of it unique. */
export interface AuthenticationValue {
  /** Content octets of the element, as they are on the wire. */
  readonly octets: Uint8Array;
  /** 0–255; absent where the session's, or 0, is meant. */
  readonly keyId?: number;
  /** Four octets; absent in the forms of other mechanisms, which we carry but do not read. */
  readonly iv?: Uint8Array;
}

/** Octets of the initialization vector. */
export const ivLength = 4;

const external = 0xa2;
const integer = 0x02;
const singleType = 0xa0;
const ofC1222 = 0xa1;
const keyIdTag = 0x80;
const ivTag = 0x81;

/** External, single ASN.1 type, C12.22. Source: docs/reference/c1222.md 3. */
export function authenticationValue(keyId: number, iv: Uint8Array): AuthenticationValue {
  const value = berElement(ofC1222, concatBytes(berElement(keyIdTag, Uint8Array.of(keyId)), berElement(ivTag, iv)));
  return { octets: berElement(external, berElement(singleType, value)), keyId, iv };
}

/** Reads the content of the element between two offsets. Throws `bad-apdu`. */
export function readAuthenticationValue(reader: BerReader, octets: Uint8Array): AuthenticationValue {
  const inside = reader.inside(reader.expect(external, "an external value"));
  reader.mustEnd("the authentication value");
  if (inside.peek() === integer) inside.element();
  const form = inside.element();
  inside.mustEnd("the external value");
  if (form.tag !== singleType) return { octets };
  const single = inside.inside(form);
  const mechanism = single.element();
  single.mustEnd("the authentication mechanism");
  if (mechanism.tag !== ofC1222) return { octets };
  const fields = single.inside(mechanism);
  let keyId: number | undefined;
  if (fields.peek() === keyIdTag) {
    const element = fields.element();
    if (element.length !== 1) throw badApdu(`a key number of ${element.length} octets`, element.offset);
    keyId = fields.bytes[element.contentOffset];
  }
  const element = fields.expect(ivTag, "the initialization vector");
  if (element.length !== ivLength) throw badApdu(`an initialization vector of ${element.length} octets`, element.offset);
  fields.mustEnd("the initialization vector");
  const iv = fields.content(element);
  return keyId === undefined ? { octets, iv } : { octets, keyId, iv };
}
