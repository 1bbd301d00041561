import { concatBytes } from "@metersmith/base/bytes";
import { absoluteTitle } from "../apdu/ap-title.ts";
import { apduTag, type ApduHeader } from "../apdu/apdu.ts";
import { headerElements } from "../apdu/encode-apdu.ts";

/** Where one message's clear text comes from. */
export interface Canonical {
  readonly header: ApduHeader;
  /** From the tag of the user information to before its content. */
  readonly userInformationStart: Uint8Array;
  /** EPSEM control octet. */
  readonly control: number;
  /** Content octets of the identifier that relative titles add to. */
  readonly base: Uint8Array;
  readonly keyId: number;
  /** Four octets. */
  readonly iv: Uint8Array;
}

/**
 * The canonical clear text that a protected message's code covers: the elements present in their order, titles made absolute; the calling
 * title not in its place but behind the control octet; then key number and vector. Source: docs/reference/c1222.md 4.
 */
export function canonicalHeader({ header, userInformationStart, control, base, keyId, iv }: Canonical): Uint8Array {
  const absolute: ApduHeader = {
    ...header,
    called: header.called && absoluteTitle(header.called, base),
    calling: header.calling && absoluteTitle(header.calling, base),
  };
  const before: Uint8Array[] = [];
  let calling = new Uint8Array(0);
  for (const [tag, octets] of headerElements(absolute)) {
    if (tag === apduTag.calling) calling = new Uint8Array(octets);
    else before.push(octets);
  }
  return concatBytes(...before, userInformationStart, Uint8Array.of(control), calling, Uint8Array.of(keyId), iv);
}
