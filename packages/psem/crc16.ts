/**
 * CRC-16/X-25: polynomial 1021, reflected (8408), start FFFF, final inversion. C12.18 sends it low byte first, over all that
 * precedes it in the packet. Source: docs/reference/c1218.md 2; check value of the catalogued algorithm over "123456789": 906E.
 */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return crc ^ 0xffff;
}

const table = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  return crc;
});
