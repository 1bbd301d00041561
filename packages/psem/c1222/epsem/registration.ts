import { concatBytes } from "@metersmith/base/bytes";
import { encodeTitle, readTitle, type ApTitle } from "../apdu/ap-title.ts";
import { BerReader, badApdu } from "../ber/ber-reader.ts";
import { edClassLength } from "./epsem.ts";

/** What a node asks a master relay for. Source: docs/reference/c1222.md 7. */
export interface Registration {
  /** Bits: 0 relay, 1 master relay, 2 host, 3 notification host, 4 authentication host, 5 end device. Bit 7 is set by the pattern. */
  readonly nodeType: number;
  /** Bits: 0 broadcast and multicast, 1 message acceptance window, 2 playback rejection, 4 and 5 connectionless, 6 and 7 connection mode and its acceptance. */
  readonly connectionType: number;
  /** Four octets of a relative identifier. */
  readonly deviceClass: Uint8Array;
  /** Without octets where the node has none yet. */
  readonly title: ApTitle;
  /** An identifier, read like a title. */
  readonly serialNumber: ApTitle;
  /** The node's address in its network, at most 255 octets. */
  readonly nativeAddress: Uint8Array;
  /** Seconds, 0–16777215. */
  readonly period: number;
  /** What follows the period where bit 7 of the node type is set; kept unread. */
  readonly domainPattern?: Uint8Array;
}

/** What the relay grants. */
export interface Registered {
  readonly title: ApTitle;
  /** Seconds to wait before registering again after a loss of power, 0–65535. */
  readonly delay: number;
  /** Seconds until it must be renewed, 0–16777215. */
  readonly period: number;
  /** Bit 0: direct messaging available; the others as the connection type. */
  readonly information: number;
}

const patternPresent = 0x80;

export function encodeRegistration(registration: Registration): Uint8Array {
  const { nodeType, connectionType, deviceClass, title, serialNumber, nativeAddress, period, domainPattern } = registration;
  return concatBytes(
    Uint8Array.of((nodeType & ~patternPresent) | (domainPattern ? patternPresent : 0), connectionType),
    deviceClass,
    encodeTitle(title),
    encodeTitle(serialNumber),
    Uint8Array.of(nativeAddress.length),
    nativeAddress,
    u24(period),
    domainPattern ?? new Uint8Array(0),
  );
}

/** Reads the octets after the service code. Throws `bad-apdu`. */
export function decodeRegistration(body: Uint8Array): Registration {
  const titles = 2 + edClassLength;
  if (body.length < titles) throw badApdu("a registration cut short", body.length);
  const reader = new BerReader(body, titles);
  const title = readTitle(reader);
  const serialNumber = readTitle(reader);
  const nativeAddress = reader.counted();
  const nodeType = body[0] ?? 0;
  const at = reader.offset;
  const expected = at + 3;
  if (body.length < expected) throw badApdu("a registration cut short", body.length);
  const hasPattern = (nodeType & patternPresent) !== 0;
  if (!hasPattern && body.length !== expected) throw badApdu(`${body.length - expected} octets behind a registration`, expected);
  return {
    nodeType: nodeType & ~patternPresent,
    connectionType: body[1] ?? 0,
    deviceClass: body.slice(2, titles),
    title,
    serialNumber,
    nativeAddress,
    period: readU24(body, at),
    ...(hasPattern ? { domainPattern: body.slice(expected) } : {}),
  };
}

export function encodeRegistered({ title, delay, period, information }: Registered): Uint8Array {
  return concatBytes(encodeTitle(title), Uint8Array.of(delay >> 8, delay), u24(period), Uint8Array.of(information));
}

/** Reads the octets after the response code. Throws `bad-apdu`. */
export function decodeRegistered(body: Uint8Array): Registered {
  const reader = new BerReader(body);
  const title = readTitle(reader);
  const at = reader.offset;
  if (body.length !== at + 6) throw badApdu(`${body.length - at} octets behind the title of a registration's answer; 6 were expected`, at);
  return { title, delay: ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0), period: readU24(body, at + 2), information: body[at + 5] ?? 0 };
}

/** One title and nothing else. Throws `bad-apdu`. */
export function decodeOneTitle(body: Uint8Array): ApTitle {
  const reader = new BerReader(body);
  const title = readTitle(reader);
  reader.mustEnd("the application title");
  return title;
}

/** The titles that a trace went through, at least one. Throws `bad-apdu`. */
export function decodeTitles(body: Uint8Array): readonly ApTitle[] {
  const reader = new BerReader(body);
  const titles = [readTitle(reader)];
  while (!reader.ended) titles.push(readTitle(reader));
  return titles;
}

/** A native address behind its length. Throws `bad-apdu`. */
export function decodeAddress(body: Uint8Array): Uint8Array {
  const reader = new BerReader(body);
  const address = reader.counted();
  reader.mustEnd("the native address");
  return address;
}

function u24(value: number): Uint8Array {
  return Uint8Array.of(value >> 16, value >> 8, value);
}

function readU24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}
