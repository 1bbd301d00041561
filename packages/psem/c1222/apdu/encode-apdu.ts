import { concatBytes } from "@metersmith/base/bytes";
import { berElement, berLength, integerOctets } from "../ber/ber-writer.ts";
import { encodeTitle } from "./ap-title.ts";
import { apduTag, type Apdu, type ApduHeader } from "./apdu.ts";

const external = 0x28;
const integer = 0x02;
const octetAligned = 0x81;
const identifier = 0x06;

/** One message, every length in its shortest form. */
export function encodeApdu(apdu: Apdu): Uint8Array {
  return berElement(
    apduTag.message,
    ...headerElements(apdu).map(([, octets]) => octets),
    userInformationStart(apdu.reference, apdu.content.length),
    apdu.content,
  );
}

/** From the tag of the user information to before its content of so many octets. */
export function userInformationStart(reference: Uint8Array | undefined, length: number): Uint8Array {
  const referenced = reference ? berElement(integer, reference) : new Uint8Array(0);
  const inner = concatBytes(referenced, Uint8Array.of(octetAligned), berLength(length));
  const outer = concatBytes(Uint8Array.of(external), berLength(inner.length + length), inner);
  return concatBytes(Uint8Array.of(apduTag.userInformation), berLength(outer.length + length), outer);
}

/** The elements present before the user information, whole, with their tags, in the order of the wire. */
export function headerElements(header: ApduHeader): readonly (readonly [tag: number, octets: Uint8Array])[] {
  const elements: (readonly [number, Uint8Array])[] = [];
  const add = (tag: number, content: Uint8Array | undefined): void => {
    if (content) elements.push([tag, berElement(tag, content)]);
  };
  const asInteger = (octets: Uint8Array | undefined): Uint8Array | undefined => octets && berElement(integer, octets);
  add(apduTag.context, header.context && berElement(identifier, header.context));
  add(apduTag.called, header.called && encodeTitle(header.called));
  add(apduTag.fullSize, header.fullSize === undefined ? undefined : asInteger(integerOctets(header.fullSize)));
  add(apduTag.calledInvocation, asInteger(header.calledInvocation));
  add(apduTag.calling, header.calling && encodeTitle(header.calling));
  add(apduTag.qualifier, header.qualifier === undefined ? undefined : asInteger(Uint8Array.of(header.qualifier)));
  add(apduTag.callingInvocation, asInteger(header.callingInvocation));
  add(apduTag.mechanism, header.mechanism);
  add(apduTag.authentication, header.authentication?.octets);
  return elements;
}
