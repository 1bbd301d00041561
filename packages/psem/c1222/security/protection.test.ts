import { fromHex, toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import { eaxPrime, foreign } from "../../vectors/c1222-vectors.ts";
import { decodeApdu } from "../apdu/decode-apdu.ts";
import { berElement } from "../ber/ber-writer.ts";
import { networkContext, parseIdentifier } from "../ber/object-identifier.ts";
import { KeyRing } from "./key-ring.ts";
import { openApdu, sealApdu } from "./protection.ts";

const now = 0;

test("the published message, put together from its canonical clear text, opens, and ours is the same octet for octet", () => {
  const header = fromHex(eaxPrime.header);
  const [called, calling, rest] = [header.subarray(0, 19), header.subarray(-16, -5), header.subarray(19, -16)];
  // On the wire the calling title stands behind the called one.
  const message = berElement(0x60, called, calling, rest, fromHex(eaxPrime.ciphertext), fromHex(eaxPrime.mac));
  const keys = new KeyRing([{ id: 0, key: fromHex(eaxPrime.key) }]);
  const opened = openApdu(decodeApdu(message), { keys, base: networkContext, now });
  expect(opened.payload.services.map((service) => toHex(service))).toEqual([
    "51" + "30".repeat(20) + "0000", "300001", "300078", "300079", "30007a", "30007b", "30007d",
  ]);
  const { apdu } = decodeApdu(message);
  const ours = sealApdu(
    {
      header: { called: apdu.called, calling: apdu.calling, callingInvocation: apdu.callingInvocation },
      control: opened.control,
      payload: opened.payload,
      use: { keyId: 0, iv: fromHex("4b97d2cc") },
    },
    { keys, base: networkContext, now },
  );
  expect(toHex(ours)).toBe(toHex(message));
});

describe("messages of another implementation open", () => {
  const keys = new KeyRing([{ id: foreign.keyId, key: fromHex(foreign.key) }]);
  test.each(foreign.messages)("$name", (message) => {
    const association = "association" in message ? { keyId: foreign.keyId, iv: fromHex(message.association) } : undefined;
    const decoded = decodeApdu(fromHex(message.hex));
    const opened = openApdu(decoded, { keys, base: parseIdentifier(message.base).octets, now }, 1, association);
    expect(opened.control.mode).toBe(message.mode);
    expect(toHex(opened.payload.edClass ?? new Uint8Array(0))).toBe(message.edClass);
    expect(opened.payload.services.map((service) => toHex(service))).toEqual(message.services);
  });

  test("and not under another base, another vector, or none", () => {
    const [relative, , , later] = foreign.messages;
    const protecting = { keys, base: networkContext, now };
    expect(() => openApdu(decodeApdu(fromHex(relative.hex)), { ...protecting, base: parseIdentifier("1.3").octets })).toThrow(expect.objectContaining({ code: "not-authentic" }));
    expect(() => openApdu(decodeApdu(fromHex(later.hex)), protecting, 0, { keyId: 100, iv: new Uint8Array(4) })).toThrow(expect.objectContaining({ code: "not-authentic" }));
    expect(() => openApdu(decodeApdu(fromHex(later.hex)), protecting)).toThrow("names no key and vector");
  });
});
