import { toHex } from "@metersmith/base/bytes";
import { PsemError } from "../../psem-error.ts";
import { integerOctets } from "../ber/ber-writer.ts";
import { unsignedOf, type Apdu, type ApduHeader } from "./apdu.ts";
import { encodeApdu } from "./encode-apdu.ts";

/**
 * A message as one datagram, or cut into segments of at most `largest` octets each. A segment is a message of its own with the titles, qualifier and
 * invocation of the whole, its full size, and an offset in the place of the indirect reference. Throws `too-large` where not even one octet
 * fits behind those. Source: docs/reference/c1222.md 6.
 */
export function segmented(whole: Uint8Array, header: ApduHeader, largest: number): readonly Uint8Array[] {
  if (whole.length <= largest) return [whole];
  const carried: ApduHeader = {
    context: header.context,
    called: header.called,
    fullSize: whole.length,
    calling: header.calling,
    qualifier: header.qualifier,
    callingInvocation: header.callingInvocation,
  };
  const widest = integerOctets(whole.length);
  const overhead = encodeApdu({ ...carried, reference: widest, content: new Uint8Array(largest) }).length - largest;
  const room = largest - overhead;
  if (room < 1) throw new PsemError("too-large", `A datagram of ${largest} bytes has no room for a segment of this message.`, { expected: overhead + 1, actual: largest });
  const segments: Uint8Array[] = [];
  for (let offset = 0; offset < whole.length; offset += room) {
    segments.push(encodeApdu({ ...carried, reference: integerOctets(offset), content: whole.subarray(offset, offset + room) }));
  }
  return segments;
}

export interface Segment {
  /** Equal for the segments of one message: who sent it, its invocation, its size. */
  readonly message: string;
  readonly fullSize: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The segment that a message is, or undefined where it is a whole one. `sender` tells apart who shares a way. */
export function asSegment(apdu: Apdu, sender: string): Segment | undefined {
  const { fullSize, reference, calling, callingInvocation } = apdu;
  if (fullSize === undefined) return undefined;
  const message = [sender, toHex(calling?.octets ?? new Uint8Array(0)), toHex(callingInvocation ?? new Uint8Array(0)), fullSize].join("/");
  return { message, fullSize, offset: reference ? unsignedOf(reference) : 0, bytes: apdu.content };
}
