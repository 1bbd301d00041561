import { PsemError } from "../psem-error.ts";
import { mostBaudCodes, passwordLength, serviceCode, userLength, type Request } from "./request.ts";
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
  switch (code) {
    case serviceCode.identify:
      return exactly(1, { service: "identify" });
    case serviceCode.terminate:
      return exactly(1, { service: "terminate" });
    case serviceCode.logoff:
      return exactly(1, { service: "logoff" });
    case serviceCode.read:
      return exactly(tableHeader, { service: "read", table: u16(bytes, 1) });
    case serviceCode.readOffset:
      return exactly(8, { service: "read-offset", table: u16(bytes, 1), offset: u24(bytes, 3), count: u16(bytes, 6) });
    case serviceCode.write:
      return { service: "write", table: u16(bytes, 1), bytes: tableData(tableHeader) };
    case serviceCode.writeOffset:
      return { service: "write-offset", table: u16(bytes, 1), offset: u24(bytes, 3), bytes: tableData(offsetHeader) };
    case serviceCode.logon:
      return exactly(3 + userLength, { service: "logon", userId: u16(bytes, 1), user: bytes.slice(3) });
    case serviceCode.security:
      return exactly(1 + passwordLength, { service: "security", password: bytes.slice(1) });
    case serviceCode.wait:
      return exactly(2, { service: "wait", seconds: bytes[1] ?? 0 });
    default:
      return { service: "unsupported", code };
  }

  function exactly(length: number, request: Request): Request {
    if (bytes.length !== length) throw wrongLength(bytes, length);
    return request;
  }
  function tableData(header: number): Uint8Array {
    if (bytes.length < header) throw wrongLength(bytes, header);
    return decodeTableData(bytes.subarray(header), "The write request", "bad-request");
  }
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
