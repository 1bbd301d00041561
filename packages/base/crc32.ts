const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb8_8320 : value >>> 1;
  return value;
});

/** CRC-32 of ISO 3309 (polynomial 04C11DB7 reflected, initial value and final inversion of ones). Against accidents, not against people. `from`: of the octets before. */
export function crc32(bytes: Uint8Array, from = 0): number {
  let value = ~from;
  for (const octet of bytes) value = (value >>> 8) ^ (table[(value ^ octet) & 0xff] ?? 0);
  return (value ^ 0xffff_ffff) >>> 0;
}
