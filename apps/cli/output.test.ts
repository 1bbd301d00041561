import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLine, visible } from "./output.ts";

test("what would act on a terminal is written out", () => {
  expect(visible("red \u001b[31m, bell \u0007, C1 \u009b2J, line\nend, RX\u202e")).toBe("red \\u001b[31m, bell \\u0007, C1 \\u009b2J, line\\u000aend, RX\\u202e");
  expect(visible("Sommer – Größe 100 %")).toBe("Sommer – Größe 100 %");
});

test("a JSON line is one line, without anything that acts on a terminal, and reads back as what was told", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (key, text) => {
      const line = jsonLine({ [`k${key}`]: text });
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}](?!$)/u);
      expect(JSON.parse(line)).toEqual({ [`k${key}`]: text });
    }),
  );
});

test("big integers and octets have a form in JSON", () => {
  expect(jsonLine({ energy: 12n, image: Uint8Array.of(1, 255) })).toBe('{"energy":"12","image":"01ff"}\n');
});
