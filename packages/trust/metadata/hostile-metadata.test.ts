import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeSignedFile, TrustError } from "../index.ts";
import { RepositoryUnderTest } from "../testing/repository-under-test.ts";
import { decodeJson, encodeJson, type Json } from "./canonical-json.ts";
import { readRoot, rootJson } from "./root.ts";
import { decodeSignedFile } from "./signed-file.ts";
import { readSnapshot, readTimestamp, snapshotJson, timestampJson } from "./snapshot.ts";
import { binOf } from "./target-path.ts";
import { readTargets, targetsJson } from "./targets.ts";

const readers = { root: readRoot, targets: readTargets, snapshot: readSnapshot, timestamp: readTimestamp };
const json = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ['{"b":1,"a":2}', "keys out of order"], ['{"a":1,"a":1}', "a key twice"], ['{ "a":1}', "white space"], ['{"a":1.5}', "a fraction"], ['{"a":1e2}', "another spelling"], ['{"a":"\\u0041"}', "an escape"],
  ['{"a":"\u0001"}', "a control character"], ['"\\n"', "an escaped control character"], ['{"a":9007199254740993}', "past 2^53"], ["[".repeat(40) + "]".repeat(40), "too deep"], ['{"a":1}\n', "more behind"],
  ["{", "cut"], ['{"a":-0}', "minus zero"], ["\ufeff{}", "a mark of byte order"],
])("%s is refused: %s", (text) => {
  expect(() => decodeJson(json(text), "x")).toThrow(expect.objectContaining({ code: "bad-metadata" }));
});

test("a member named __proto__ is a member and nothing else", () => {
  const octets = json('{"__proto__":{"a":1}}');
  expect(encodeJson(decodeJson(octets, "x"))).toEqual(octets);
});

test("arbitrary octets, and published metadata with octets changed, raise nothing but errors of this package", async () => {
  const repository = await RepositoryUnderTest.make();
  const files = ["1.root", "1.targets", "1.north", "1.north-0", "1.snapshot", "timestamp"].map((name) => repository.public(`metadata/${name}.json`));
  const read = (octets: Uint8Array): void => {
    for (const reader of Object.values(readers)) {
      try {
        reader(decodeSignedFile(octets, "x", 1e6).signed, "x");
      } catch (error) {
        if (!(error instanceof TrustError)) throw error;
      }
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read), { numRuns: 300 });
  fc.assert(fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(255), (file, at, octet) => {
    const changed = file.slice();
    changed[at % file.length] = octet;
    read(changed);
  }), { numRuns: 200 });
  const anyJson = fc.jsonValue({ maxDepth: 4 });
  fc.assert(fc.property(fc.constantFrom(...files), fc.nat(), anyJson, (file, at, value) => {
    const { signed } = decodeSignedFile(file, "x", 1e6);
    const members = Object.keys(signed as object);
    const changed = { ...(signed as Record<string, Json>), [members[at % members.length] ?? ""]: value as Json };
    try {
      read(encodeSignedFile({ signed: changed, signatures: new Map() }));
    } catch (error) {
      // Not canonical at all: the encoder refuses fractions.
      if (!(error instanceof TypeError)) throw error;
    }
  }), { numRuns: 200 });
});

test("what is read of published metadata is written again as it was", async () => {
  const repository = await RepositoryUnderTest.make();
  const signed = (path: string): Json => decodeSignedFile(repository.public(`metadata/${path}.json`), path, 1e6).signed;
  expect(rootJson(readRoot(signed("1.root"), "x"))).toEqual(signed("1.root"));
  for (const name of ["1.targets", "1.north", "1.north-1"]) expect(targetsJson(readTargets(signed(name), "x"))).toEqual(signed(name));
  expect(snapshotJson(readSnapshot(signed("1.snapshot"), "x"))).toEqual(signed("1.snapshot"));
  expect(timestampJson(readTimestamp(signed("timestamp"), "x"))).toEqual(signed("timestamp"));
});

/** Python: int.from_bytes(hashlib.sha256(path.encode()).digest()[:4], "big") >> (32 - bits) */
test.each([["programs/north/a", 8, 0x6], ["programs/north/a", 1, 0], ["firmware/rx/metrology-2.0", 12, 0x977]])("%s lies in its bin of 2^%d", (path, bits, bin) => {
  expect(binOf(path, bits)).toBe(bin);
});
