import { PsemError } from "../psem-error.ts";

/** Bytes that `table-data` adds to the data: count u16 in front, checksum behind. */
export const tableDataOverhead = 3;

/** Largest count of one `table-data`. */
export const largestTableData = 0xffff;

/** Two's complement of the sum of the bytes, so that data and checksum add to 0 modulo 256. Source: docs/reference/c1218.md 4. */
export function tableChecksum(data: Uint8Array): number {
  let sum = 0;
  for (const byte of data) sum += byte;
  return -sum & 0xff;
}

/** count u16 big-endian, data, checksum. */
export function encodeTableData(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + tableDataOverhead);
  bytes[0] = data.length >> 8;
  bytes[1] = data.length & 0xff;
  bytes.set(data, 2);
  bytes[bytes.length - 1] = tableChecksum(data);
  return bytes;
}

/** Reads exactly one `table-data`. `what` names the message for the person ("the answer to read table 54"); `malformed` is the code for a wrong length. */
export function decodeTableData(bytes: Uint8Array, what: string, malformed: "bad-response" | "bad-request"): Uint8Array {
  if (bytes.length < tableDataOverhead) {
    throw new PsemError(malformed, `${what} has ${bytes.length} bytes of table data; at least ${tableDataOverhead} (count and checksum) were expected.`);
  }
  const count = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  if (bytes.length !== count + tableDataOverhead) {
    throw new PsemError(malformed, `${what} announces ${count} bytes of table data and holds ${bytes.length - tableDataOverhead}.`, { expected: count, actual: bytes.length - tableDataOverhead });
  }
  const data = bytes.slice(2, 2 + count);
  const expected = tableChecksum(data);
  const actual = bytes[bytes.length - 1];
  if (actual !== expected) {
    throw new PsemError("bad-checksum", `${what} has table checksum ${actual}; its data give ${expected}. The bytes changed on the way, or the sender is faulty: read again.`, { expected, actual });
  }
  return data;
}
