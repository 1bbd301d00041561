import { BerReader, badApdu, hex, type BerElement } from "../ber/ber-reader.ts";
import { arcsOf } from "../ber/object-identifier.ts";
import { readTitle } from "./ap-title.ts";
import { apduTag, longestInteger, unsignedOf, type Apdu, type ApduHeader } from "./apdu.ts";
import { readAuthenticationValue } from "./authentication-value.ts";

export interface DecodedApdu {
  readonly apdu: Apdu;
  /** From the tag of the user information to before its content, as on the wire: a protected message's code covers these octets. */
  readonly userInformationStart: Uint8Array;
}

const order: readonly number[] = Object.values(apduTag).filter((tag) => tag !== apduTag.message);
const external = 0x28;
const integer = 0x02;
const octetAligned = 0x81;
const identifier = 0x06;

/**
 * Reads exactly one message: known elements, each at most once, in their order; with user information. Throws `bad-apdu` with the
 * offset of what is wrong. It never repairs.
 */
export function decodeApdu(bytes: Uint8Array): DecodedApdu {
  const outer = new BerReader(bytes);
  const reader = outer.inside(outer.expect(apduTag.message, "a message"));
  outer.mustEnd("the message");
  const header: { -readonly [Key in keyof ApduHeader]: ApduHeader[Key] } = {};
  let place = -1;
  while (!reader.ended) {
    const element = reader.element();
    const found = order.indexOf(element.tag);
    if (found < 0) throw badApdu(`an element ${hex(element.tag)} that C12.22 does not know`, element.offset);
    if (found <= place) throw badApdu(`an element ${hex(element.tag)} twice or out of its order`, element.offset);
    place = found;
    if (element.tag !== apduTag.userInformation) {
      readHeader(reader, element, header);
      continue;
    }
    reader.mustEnd("the user information");
    return userInformation(reader, element, header);
  }
  throw badApdu("no user information", reader.offset);
}

function readHeader(reader: BerReader, element: BerElement, header: { -readonly [Key in keyof ApduHeader]: ApduHeader[Key] }): void {
  const inside = reader.inside(element);
  switch (element.tag) {
    case apduTag.context:
      header.context = universalIdentifier(inside);
      break;
    case apduTag.called:
      header.called = readTitle(inside);
      break;
    case apduTag.fullSize:
      header.fullSize = unsignedOf(readInteger(inside));
      break;
    case apduTag.calledInvocation:
      header.calledInvocation = readInteger(inside);
      break;
    case apduTag.calling:
      header.calling = readTitle(inside);
      break;
    case apduTag.qualifier: {
      const octets = readInteger(inside);
      if (octets.length !== 1) throw badApdu(`a qualifier of ${octets.length} octets`, element.offset);
      header.qualifier = unsignedOf(octets);
      break;
    }
    case apduTag.callingInvocation:
      header.callingInvocation = readInteger(inside);
      break;
    case apduTag.mechanism:
      header.mechanism = reader.content(element);
      if (arcsOf(header.mechanism, false) === undefined) throw badApdu("a mechanism name that is no object identifier", element.offset);
      return;
    default:
      header.authentication = readAuthenticationValue(inside, reader.content(element));
  }
  inside.mustEnd(`the content of element ${hex(element.tag)}`);
}

function userInformation(reader: BerReader, element: BerElement, header: ApduHeader): DecodedApdu {
  const wrapped = reader.inside(element);
  const inside = wrapped.inside(wrapped.expect(external, "external user information"));
  wrapped.mustEnd("the user information");
  const reference = inside.peek() === integer ? readInteger(inside) : undefined;
  const content = inside.expect(octetAligned, "octets of user information");
  inside.mustEnd("the octets of user information");
  if (content.length === 0) throw badApdu("empty user information", content.offset);
  return {
    apdu: { ...header, reference, content: reader.content(content) },
    userInformationStart: reader.bytes.slice(element.offset, content.contentOffset),
  };
}

function readInteger(reader: BerReader): Uint8Array {
  const element = reader.expect(integer, "an integer");
  if (element.length < 1 || element.length > longestInteger) throw badApdu(`an integer of ${element.length} octets`, element.offset);
  return reader.content(element);
}

function universalIdentifier(reader: BerReader): Uint8Array {
  const element = reader.expect(identifier, "an object identifier");
  const octets = reader.content(element);
  if (arcsOf(octets, false) === undefined) throw badApdu("octets that are no object identifier", element.offset);
  return octets;
}
