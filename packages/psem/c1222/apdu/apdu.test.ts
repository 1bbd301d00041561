import { concatBytes, fromHex, toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PsemError } from "../../psem-error.ts";
import { captures, eaxPrime } from "../../vectors/c1222-vectors.ts";
import { parseIdentifier } from "../ber/object-identifier.ts";
import { apTitle, titleText } from "./ap-title.ts";
import type { Apdu } from "./apdu.ts";
import { authenticationValue } from "./authentication-value.ts";
import { decodeApdu } from "./decode-apdu.ts";
import { encodeApdu } from "./encode-apdu.ts";

test.each(captures)("a captured message reads and writes byte for byte: $name", ({ hex }) => {
  expect(toHex(encodeApdu(decodeApdu(fromHex(hex)).apdu))).toBe(hex);
});

test("the published protected message, put together, reads and writes byte for byte", () => {
  const [calling, called] = [eaxPrime.header.indexOf("a60906"), eaxPrime.header.indexOf("a80602")];
  const wire = [
    eaxPrime.header.slice(0, called), eaxPrime.header.slice(calling, calling + 22), eaxPrime.header.slice(called, calling),
    eaxPrime.ciphertext, eaxPrime.mac,
  ].join("");
  const message = `60${(wire.length / 2).toString(16)}${wire}`.replace(/^60(?=[89a-f])/, "6081");
  const { apdu, userInformationStart } = decodeApdu(fromHex(message));
  expect(toHex(encodeApdu(apdu))).toBe(message);
  expect(apdu.authentication).toMatchObject({ keyId: 0, iv: fromHex("4b97d2cc") });
  expect(toHex(userInformationStart)).toBe("be3928378135");
});

const octets = (most: number, least = 1) => fc.uint8Array({ minLength: least, maxLength: most });
const title = fc
  .tuple(fc.boolean(), fc.array(fc.nat(0xffff_ffff), { minLength: 1, maxLength: 6 }))
  .map(([relative, arcs]) => apTitle(relative ? `.${arcs.join(".")}` : `1.3.${arcs.join(".")}`));
const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined });
const message: fc.Arbitrary<Apdu> = fc.record({
  context: optional(fc.constant(parseIdentifier("2.16.124.113620.1.22").octets)),
  called: optional(title),
  calledInvocation: optional(octets(5)),
  calling: optional(title),
  qualifier: optional(fc.nat(7)),
  callingInvocation: optional(octets(5)),
  mechanism: optional(fc.constant(parseIdentifier("2.16.124.113620.1.22.2.1").octets)),
  authentication: optional(fc.tuple(fc.nat(255), octets(4, 4)).map(([id, iv]) => authenticationValue(id, iv))),
  reference: optional(fc.constant(Uint8Array.of(0))),
  content: octets(400),
});

test("what is written is read again, whatever elements there are and however long", () => {
  fc.assert(
    fc.property(message, (apdu) => {
      expect(decodeApdu(encodeApdu(apdu)).apdu).toEqual(apdu);
    }),
  );
});

test("any bytes read as a message or fail as bad-apdu, and what reads is written again the same", () => {
  fc.assert(
    fc.property(message, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(20), (apdu, changes, cut) => {
      const wire = encodeApdu(apdu);
      for (const [at, octet] of changes) wire[at % wire.length] = octet;
      const bytes = wire.subarray(0, wire.length - (cut > 10 ? cut - 10 : 0));
      try {
        const again = decodeApdu(encodeApdu(decodeApdu(bytes).apdu)).apdu;
        expect(again).toEqual(decodeApdu(bytes).apdu);
      } catch (error) {
        expect(error).toBeInstanceOf(PsemError);
        expect(error).toMatchObject({ code: "bad-apdu", kind: "peer-data", context: { offset: expect.any(Number) } });
      }
    }),
    { numRuns: 500 },
  );
});

describe("a malformed message is refused with the place", () => {
  const [request] = captures;
  test.each([
    ["no bytes", "", 0],
    ["another tag", "6100", 0],
    ["an indefinite length", "6080", 1],
    ["a length of five octets", "60850000000001", 1],
    ["a length beyond the end", `6031${request.hex.slice(4)}`, 1],
    ["bytes behind the message", `${request.hex}00`, 50],
    ["an unknown element", "6003a90100", 2],
    ["elements out of order", "6010a806020400000001a2060604552a0304", 10],
    ["no user information", "6008a806020400000001", 10],
    ["a title that is no identifier", "6006a20406028080", 4],
    ["an integer of six octets", "600aa8080206000000000001", 4],
    ["empty user information", "6006be0428028100", 6],
    ["a vector of three octets", "6010ac0ea20ca00aa10880010081034b97d2", 13],
  ])("%s", (_, hex, offset) => {
    expect(() => decodeApdu(fromHex(hex))).toThrow(expect.objectContaining({ code: "bad-apdu", context: { offset } }));
  });
});

test("titles read as people write them", () => {
  const userInformation = "be05" + "2803" + "810180";
  const read = (called: string): string => {
    const body = fromHex(called + userInformation);
    return titleText(decodeApdu(concatBytes(Uint8Array.of(0x60, body.length), body)).apdu.called ?? apTitle(".0"));
  };
  expect(read("a205" + "80037bc175")).toBe(".123.8437");
  expect(read("a204" + "80027b04")).toBe(".123.4");
  expect(read("a204" + "0d027b04")).toBe(".123.4");
  expect(read("a20b" + "0609607c86f75401160201")).toBe("2.16.124.113620.1.22.2.1");
});

test.each(["", ".", "1", "3.1", "1.40", "1.2.x", ".4294967296", `1.2${".4294967295".repeat(16)}`])("a text that is no title is refused: %j", (text) => {
  expect(() => apTitle(text)).toThrow(expect.objectContaining({ code: "bad-argument" }));
});
