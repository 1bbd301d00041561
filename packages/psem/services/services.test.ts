import { fromHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PsemError } from "../psem-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { acceptedBody, decodeIdentified, decodeNegotiated, decodeNothing, decodeRead } from "./decode-response.ts";
import { encodeRequest } from "./encode-request.ts";
import { decodeIdentification, encodeIdentification, type Feature } from "./identification.ts";
import type { Request } from "./request.ts";
import { responseCodes } from "./response-code.ts";
import { decodeTableData, encodeTableData, tableChecksum } from "./table-data.ts";

const readTable: Extract<Request, { service: "read" }> = { service: "read", table: 54 };

test("the table checksum and the data add to 0 modulo 256 (worked frame: 0A 00 01 01 → F4)", () => {
  expect(tableChecksum(fromHex("0a 00 01 01"))).toBe(0xf4);
  fc.assert(fc.property(fc.uint8Array(), (data) => (data.reduce((sum, byte) => sum + byte, tableChecksum(data)) & 0xff) === 0));
});

test("table data with a wrong checksum or a wrong count are told apart", () => {
  const good = encodeTableData(Uint8Array.of(1, 2, 3));
  expect(decodeTableData(good, "The answer", "bad-response")).toEqual(Uint8Array.of(1, 2, 3));
  expect(codeOf(() => decodeTableData(good.with(2, 9), "The answer", "bad-response"))).toBe("bad-checksum");
  expect(codeOf(() => decodeTableData(good.with(1, 9), "The answer", "bad-response"))).toBe("bad-response");
  expect(codeOf(() => decodeTableData(good.subarray(0, 2), "The answer", "bad-response"))).toBe("bad-response");
});

test.each(responseCodes.filter(({ mnemonic }) => mnemonic !== "ok"))("response code $code is the refusal $mnemonic", ({ code, mnemonic, meaning }) => {
  expect(() => acceptedBody(readTable, Uint8Array.of(code))).toThrowError(
    expect.objectContaining({ code: mnemonic, kind: "peer-refused", context: expect.objectContaining({ table: 54 }), message: expect.stringContaining(meaning) }),
  );
});

test("a response code of no standard is bad-response, not a refusal", () => {
  expect(codeOf(() => acceptedBody(readTable, Uint8Array.of(0x1e)))).toBe("bad-response");
  expect(codeOf(() => acceptedBody(readTable, new Uint8Array(0)))).toBe("bad-response");
});

test.each([
  ["3 bytes", "10 00 10 00", 4096],
  ["4 bytes", "10 00 00 10 00", 4096],
  ["none", "10", undefined],
])("response too large carries the size in %s (sources differ)", (_, hex, largest) => {
  expect(() => acceptedBody(readTable, fromHex(hex))).toThrowError(expect.objectContaining({ code: "rstl", context: expect.objectContaining({ largest }) }));
});

test("a negotiate answer without a baud rate is taken, one that grants more than asked is not", () => {
  const request: Extract<Request, { service: "negotiate" }> = { service: "negotiate", packetSize: 512, packets: 4, baudCodes: [] };
  expect(decodeNegotiated(request, fromHex("00 0100 02"), 9600)).toEqual({ packetSize: 256, packets: 2 });
  expect(decodeNegotiated(request, fromHex("00 0100 02 06"), 9600)).toEqual({ packetSize: 256, packets: 2 });
  expect(codeOf(() => decodeNegotiated(request, fromHex("00 0201 02"), 9600))).toBe("bad-response");
  expect(codeOf(() => decodeNegotiated(request, fromHex("00 0100 00"), 9600))).toBe("bad-response");
  expect(decodeNegotiated({ ...request, baudCodes: [0x0b] }, fromHex("00 0100 02 0b"), 9600)).toMatchObject({ baud: 38_400 });
});

test("a negotiate answer keeps the rate in use or takes one of those offered: any other would leave the two ends at different rates", () => {
  const request: Extract<Request, { service: "negotiate" }> = { service: "negotiate", packetSize: 512, packets: 4, baudCodes: [0x0c, 0x08] };
  expect(decodeNegotiated(request, fromHex("00 0100 02 06"), 9600)).toMatchObject({ baud: 9600 });
  expect(decodeNegotiated(request, fromHex("00 0100 02 08"), 9600)).toMatchObject({ baud: 19_200 });
  expect(decodeNegotiated(request, fromHex("00 0100 02 00"), 9600)).not.toHaveProperty("baud");
  expect(() => decodeNegotiated(request, fromHex("00 0100 02 0e"), 9600)).toThrow("chooses 256000 bits per second, which was not offered");
});

test("the smallest identification answer is standard, version, revision and the end of an empty list", () => {
  expect(decodeIdentified({ service: "identify" }, fromHex("00 00 02 00 00"))).toEqual({ standard: 0, version: 2, revision: 0, features: [] });
  for (const cut of [1, 2, 3, 4]) expect(codeOf(() => decodeIdentified({ service: "identify" }, fromHex("00 00 02 00 00").subarray(0, cut)))).toBe("bad-response");
});

test("features are read by their tags (docs/reference/c1218.md 7)", () => {
  const security = "04 06 09 60 7c 86 f7 54 01 16 02 01";
  const bytes = fromHex(`03 01 00 01 00 00 02 00 00 02 aa bb ${security} 05 81 06 80 02 01 02 07 03 01 41 42 00`);
  const { features } = decodeIdentification(bytes);
  expect(features).toEqual([
    { kind: "authentication", type: 0, algorithm: 0 },
    { kind: "authentication", type: 0, algorithm: 0, ticket: fromHex("aa bb") },
    { kind: "security-mechanism", oid: fromHex("60 7c 86 f7 54 01 16 02 01") },
    { kind: "sessions", count: 1, sessionless: true },
    { kind: "device-class", oid: fromHex("01 02"), relative: true },
    { kind: "device-identity", charFormat: 1, identification: fromHex("41 42") },
  ] satisfies Feature[]);
  expect(encodeIdentification({ standard: 3, version: 1, revision: 0, features })).toEqual(bytes);
});

test("the identification of a captured C12.22 answer is read whole (capture described in docs/interop.md)", () => {
  const answer = fromHex("00 03 01 00 04 06 08 2b 06 01 04 01 82 85 63 05 08 06 06 08 2b 06 01 04 01 82 85 63 07 0b 01 00 01 02 03 0a 04 0d 05 06 07 00");
  const oid = fromHex("2b 06 01 04 01 82 85 63");
  expect(decodeIdentified({ service: "identify" }, answer)).toEqual({
    standard: 3,
    version: 1,
    revision: 0,
    features: [
      { kind: "security-mechanism", oid },
      { kind: "sessions", count: 8, sessionless: false },
      { kind: "device-class", oid, relative: false },
      { kind: "device-identity", charFormat: 1, identification: fromHex("00 01 02 03 0a 04 0d 05 06 07") },
    ],
  });
});

test("the table data of a captured C12.22 answer carry checksum 00 where the data give A6, and are refused", () => {
  const body = fromHex("00 08 74 65 73 74 64 61 74 61 00");
  expect(codeOf(() => decodeTableData(body, "The answer", "bad-response"))).toBe("bad-checksum");
  expect(decodeTableData(body.with(10, 0xa6), "The answer", "bad-response")).toEqual(new TextEncoder().encode("testdata"));
});

test("a feature of an unknown tag keeps the rest of the list unread", () => {
  expect(decodeIdentification(fromHex("00 02 00 05 01 7f 01 02")).features).toEqual([
    { kind: "sessions", count: 1, sessionless: false },
    { kind: "unknown", tag: 0x7f, rest: fromHex("01 02") },
  ]);
});

test("whatever decodes as a request encodes to the same bytes, and nothing but PsemError is thrown", () => {
  const likely = fc.tuple(fc.constantFrom(0x20, 0x21, 0x30, 0x3f, 0x40, 0x4f, 0x50, 0x51, 0x52, 0x60, 0x61, 0x6b, 0x6c, 0x70), fc.uint8Array({ maxLength: 24 }));
  fc.assert(
    fc.property(likely, ([code, rest]) => {
      const bytes = Uint8Array.from([code, ...rest]);
      const request = outcome(() => decodeRequest(bytes));
      expect(request && request.service !== "unsupported" ? encodeRequest(request) : bytes).toEqual(bytes);
    }),
    { numRuns: 2000 },
  );
});

test("arbitrary answers to any request give a value or a PsemError", () => {
  const negotiate: Extract<Request, { service: "negotiate" }> = { service: "negotiate", packetSize: 512, packets: 4, baudCodes: [6] };
  const answer = fc.tuple(fc.constantFrom(0, 0, 0, 1, 15, 16, 30, 255), fc.uint8Array({ maxLength: 30 })).map(([code, rest]) => Uint8Array.from([code, ...rest]));
  fc.assert(
    fc.property(fc.oneof(answer, fc.uint8Array({ maxLength: 30 })), (bytes) => {
      outcome(() => decodeIdentified({ service: "identify" }, bytes));
      outcome(() => decodeNegotiated(negotiate, bytes, 9600));
      outcome(() => decodeRead(readTable, bytes));
      outcome(() => decodeRead({ service: "read-offset", table: 1, offset: 0, count: 3 }, bytes));
      outcome(() => decodeNothing({ service: "logoff" }, bytes));
    }),
    { numRuns: 2000 },
  );
});

function outcome<Value>(act: () => Value): Value | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof PsemError) return undefined;
    throw error;
  }
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof PsemError) return error.code;
    throw error;
  }
  return undefined;
}
