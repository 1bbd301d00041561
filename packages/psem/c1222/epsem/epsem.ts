import { concatBytes } from "@metersmith/base/bytes";
import { BerReader, badApdu } from "../ber/ber-reader.ts";
import { berLength } from "../ber/ber-writer.ts";

/** 0 clear, 1 clear and authenticated, 2 encrypted and authenticated. */
export type SecurityMode = 0 | 1 | 2;

/** When the called node answers: always, only where a service was not `ok`, never. */
export type ResponseControl = "always" | "on-exception" | "never";

/** The first octet of EPSEM. Source: docs/reference/c1222.md 3. */
export interface EpsemControl {
  readonly mode: SecurityMode;
  readonly response: ResponseControl;
  readonly edClassIncluded: boolean;
  readonly proxyUsed: boolean;
  readonly recovery: boolean;
}

const alwaysSet = 0x80;
const responses: readonly ResponseControl[] = ["always", "on-exception", "never"];

export function encodeControl({ mode, response, edClassIncluded, proxyUsed, recovery }: EpsemControl): number {
  return alwaysSet | (recovery ? 0x40 : 0) | (proxyUsed ? 0x20 : 0) | (edClassIncluded ? 0x10 : 0) | (mode << 2) | responses.indexOf(response);
}

/** Throws `bad-apdu` on a mode or response control that does not exist, and where bit 7 is not set. */
export function decodeControl(octet: number): EpsemControl {
  const mode = (octet >> 2) & 3;
  const response = responses[octet & 3];
  if ((octet & alwaysSet) === 0 || (mode !== 0 && mode !== 1 && mode !== 2) || response === undefined) {
    throw badApdu(`EPSEM control ${octet.toString(16)}`, 0);
  }
  return { mode, response, edClassIncluded: (octet & 0x10) !== 0, proxyUsed: (octet & 0x20) !== 0, recovery: (octet & 0x40) !== 0 };
}

/** What the security protects: the class of the end device, and services one after the other. */
export interface EpsemPayload {
  /** Four octets. */
  readonly edClass?: Uint8Array | undefined;
  /** Requests, or answers in the order of the requests; each with its code first. */
  readonly services: readonly Uint8Array[];
}

export const edClassLength = 4;

/** Services of one message that we read. Ours: far more than any client was seen to send. */
export const mostServices = 256;

export function encodePayload({ edClass, services }: EpsemPayload): Uint8Array {
  return concatBytes(edClass ?? new Uint8Array(0), ...services.flatMap((service) => [berLength(service.length), service]));
}

/** Reads a payload whose code has been verified, where it has one. A length of 0 ends the services; padding follows. Throws `bad-apdu`. */
export function decodePayload(payload: Uint8Array, edClassIncluded: boolean): EpsemPayload {
  const edClass = edClassIncluded ? payload.slice(0, edClassLength) : undefined;
  if (edClass && edClass.length < edClassLength) throw badApdu("an end device class cut short", 0);
  const reader = new BerReader(payload, edClass?.length ?? 0);
  const services: Uint8Array[] = [];
  while (!reader.ended) {
    const contentOffset = reader.offset;
    const service = reader.chunk();
    if (service.length === 0) break;
    if (services.length >= mostServices) throw badApdu(`more than ${mostServices} services`, contentOffset);
    services.push(service);
  }
  return { edClass, services };
}
