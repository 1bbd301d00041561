import { expect, test } from "vitest";
import { crc32 } from "./crc32.ts";

test("the published check values come out", () => {
  // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms, and the one of an empty input.
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf4_3926);
  expect(crc32(new Uint8Array())).toBe(0);
});

test("every single flipped bit is seen", () => {
  const bytes = new TextEncoder().encode("what the meter remembers");
  const whole = crc32(bytes);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(crc32(flipped)).not.toBe(whole);
  }
});
