import { PsemError } from "../psem-error.ts";
import type { Negotiated } from "../client/psem-client.ts";
import { smallestPacket } from "../link/link-settings.ts";
import { baudOfCode } from "./baud-code.ts";
import { decodeIdentification, type Identification } from "./identification.ts";
import { requestWords, type Request } from "./request.ts";
import { responseOf } from "./response-code.ts";
import { decodeTableData } from "./table-data.ts";

type Of<Service extends Request["service"]> = Extract<Request, { readonly service: Service }>;

/**
 * The octets after the response code. Throws the refusal under its own code, `bad-response` where the answer is empty or its
 * code is of no edition known to us.
 */
export function acceptedBody(request: Request, response: Uint8Array): Uint8Array {
  const code = response[0];
  if (code === undefined) throw unreadable(request, "is empty");
  const row = responseOf(code);
  if (!row) throw unreadable(request, `has response code ${code.toString(16).padStart(2, "0")}, which no standard defines`);
  if (row.mnemonic === "ok") return response.subarray(1);
  const room = row.mnemonic === "rqtl" || row.mnemonic === "rstl" ? largestAllowed(response) : undefined;
  throw PsemError.refusal(row.mnemonic, requestWords(request), { ...placeOf(request), largest: room });
}

export function decodeNothing(request: Request, response: Uint8Array): void {
  const body = acceptedBody(request, response);
  if (body.length > 0) throw unreadable(request, `has ${body.length} bytes after its response code; none were expected`);
}

export function decodeIdentified(request: Of<"identify">, response: Uint8Array): Identification {
  return decodeIdentification(acceptedBody(request, response));
}

export function decodeRead(request: Of<"read" | "read-offset" | "read-index" | "read-default">, response: Uint8Array): Uint8Array {
  const data = decodeTableData(acceptedBody(request, response), `The answer to "${requestWords(request)}"`, "bad-response");
  if (request.service === "read-offset" && data.length !== request.count) {
    throw unreadable(request, `holds ${data.length} bytes; ${request.count} were asked for`);
  }
  return data;
}

/** The size granted never exceeds what was asked, a rate is one of those offered or the one in use; a baud rate is there only where one was offered (docs/reference/c1218.md 4: a meter may leave it out). */
export function decodeNegotiated(request: Of<"negotiate">, response: Uint8Array, inUse: number): Negotiated {
  const body = acceptedBody(request, response);
  const offered = request.baudCodes.length > 0;
  if (body.length !== 4 && (offered || body.length !== 3)) throw unreadable(request, `has ${body.length} bytes after its response code; 3 or 4 were expected`);
  const packetSize = ((body[0] ?? 0) << 8) | (body[1] ?? 0);
  const packets = body[2] ?? 0;
  if (packetSize < smallestPacket || packetSize > request.packetSize || packets < 1 || packets > request.packets) {
    throw unreadable(request, `grants packets of ${packetSize} bytes, ${packets} to a message, which was not asked for`);
  }
  const code = body[3] ?? 0;
  const baud = offered ? baudOfCode(code) : undefined;
  if (baud !== undefined && baud !== inUse && !request.baudCodes.includes(code)) {
    throw unreadable(request, `chooses ${baud} bits per second, which was not offered`);
  }
  return baud === undefined ? { packetSize, packets } : { packetSize, packets, baud };
}

/** Size after `rqtl` and `rstl`: 3 or 4 bytes, big-endian; sources differ (docs/reference/c1218.md 5), so both are read. */
function largestAllowed(response: Uint8Array): number | undefined {
  const body = response.subarray(1);
  if (body.length !== 3 && body.length !== 4) return undefined;
  return body.reduce((size, octet) => size * 256 + octet, 0);
}

function placeOf(request: Request): Readonly<Record<string, number | string>> {
  const place: Record<string, number | string> = { service: request.service };
  if ("table" in request) place.table = request.table;
  if ("offset" in request) place.offset = request.offset;
  if ("count" in request) place.count = request.count;
  return place;
}

function unreadable(request: Request, what: string): PsemError {
  return new PsemError(
    "bad-response",
    `The meter's answer to "${requestWords(request)}" ${what}. It speaks otherwise than this standard, or its bytes changed on the way.`,
    placeOf(request),
  );
}
