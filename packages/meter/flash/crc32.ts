const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of ISO 3309 and ITU-T V.42 (polynomial 04c11db7, reflected, begun and ended with ff ff ff ff). `from` continues an earlier one. */
export function crc32(bytes: Uint8Array, from = 0): number {
  let value = ~from;
  for (const octet of bytes) value = (value >>> 8) ^ (table[(value ^ octet) & 0xff] ?? 0);
  return ~value >>> 0;
}
