import { PsemError } from "../psem-error.ts";
import { mostBaudCodes, mostIndices, passwordLength, serviceCode, userLength, type Request, type Timing } from "./request.ts";
import { decodeTableData } from "./table-data.ts";

const tableHeader = 3;
const offsetHeader = 6;

/**
 * Reads one request. Throws `bad-request` where a known service has the wrong length, `bad-checksum` for table data; an
 * unknown code is not an error but the service "unsupported".
 */
export function decodeRequest(bytes: Uint8Array): Request {
  const code = bytes[0];
  if (code === undefined) throw new PsemError("bad-request", "A message without a service code arrived: it is empty.");
  if (code >= serviceCode.negotiate && code <= serviceCode.negotiate + mostBaudCodes) return negotiate(bytes);
  if (code > serviceCode.read && code <= serviceCode.read + mostIndices) return readIndex(bytes, code - serviceCode.read);
  if (code > serviceCode.write && code <= serviceCode.write + mostIndices) return writeIndex(bytes, code - serviceCode.write);
  switch (code) {
    case serviceCode.identify:
      return exactly(1, { service: "identify" });
    case serviceCode.terminate:
      return exactly(1, { service: "terminate" });
    case serviceCode.logoff:
      return exactly(1, { service: "logoff" });
    case serviceCode.disconnect:
      return exactly(1, { service: "disconnect" });
    case serviceCode.read:
      return exactly(tableHeader, { service: "read", table: u16(bytes, 1) });
    case serviceCode.readOffset:
      return exactly(8, { service: "read-offset", table: u16(bytes, 1), offset: u24(bytes, 3), count: u16(bytes, 6) });
    case serviceCode.readDefault:
      return exactly(1, { service: "read-default" });
    case serviceCode.write:
      return { service: "write", table: u16(bytes, 1), bytes: dataBehind(bytes, tableHeader) };
    case serviceCode.writeDefault:
      return { service: "write-default", bytes: dataBehind(bytes, 1) };
    case serviceCode.writeOffset:
      return { service: "write-offset", table: u16(bytes, 1), offset: u24(bytes, 3), bytes: dataBehind(bytes, offsetHeader) };
    case serviceCode.logon:
      return exactly(3 + userLength, { service: "logon", userId: u16(bytes, 1), user: bytes.slice(3) });
    case serviceCode.security:
      return exactly(1 + passwordLength, { service: "security", password: bytes.slice(1) });
    case serviceCode.wait:
      return exactly(2, { service: "wait", seconds: bytes[1] ?? 0 });
    case serviceCode.timing:
      return exactly(5, { service: "timing", timing: timingIn(bytes) });
    default:
      return { service: "unsupported", code };
  }

  function exactly(length: number, request: Request): Request {
    if (bytes.length !== length) throw wrongLength(bytes, length);
    return request;
  }
}

function readIndex(bytes: Uint8Array, depth: number): Request {
  const end = tableHeader + 2 * depth;
  if (bytes.length !== end + 2) throw wrongLength(bytes, end + 2);
  return { service: "read-index", table: u16(bytes, 1), indices: indicesIn(bytes, depth), count: u16(bytes, end) };
}

function writeIndex(bytes: Uint8Array, depth: number): Request {
  return { service: "write-index", table: u16(bytes, 1), indices: indicesIn(bytes, depth), bytes: dataBehind(bytes, tableHeader + 2 * depth) };
}

function indicesIn(bytes: Uint8Array, depth: number): readonly number[] {
  return Array.from({ length: depth }, (_, level) => u16(bytes, tableHeader + 2 * level));
}

function timingIn(bytes: Uint8Array): Timing {
  const [channelTraffic = 0, interCharacter = 0, response = 0, retries = 0] = bytes.subarray(1);
  return { channelTraffic, interCharacter, response, retries };
}

function dataBehind(bytes: Uint8Array, header: number): Uint8Array {
  if (bytes.length < header) throw wrongLength(bytes, header);
  return decodeTableData(bytes.subarray(header), "The write request", "bad-request");
}

function negotiate(bytes: Uint8Array): Request {
  const codes = (bytes[0] ?? 0) - serviceCode.negotiate;
  if (bytes.length !== 4 + codes) throw wrongLength(bytes, 4 + codes);
  return { service: "negotiate", packetSize: u16(bytes, 1), packets: bytes[3] ?? 0, baudCodes: [...bytes.subarray(4)] };
}

function wrongLength(bytes: Uint8Array, expected: number): PsemError {
  const code = (bytes[0] ?? 0).toString(16);
  return new PsemError("bad-request", `A request with service code ${code} has ${bytes.length} bytes; ${expected} were expected.`, {
    service: code,
    expected,
    actual: bytes.length,
  });
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function u24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | u16(bytes, at + 1);
}
