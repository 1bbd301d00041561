import { concatBytes } from "@metersmith/base/bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packetsOf } from "./packet.ts";
import { emptyReader, readChunk, readQuiet, type Found } from "./packet-reader.ts";

const base = { packetSize: 64, packets: 1 };

test("a table of 239 bytes in packets of 64 goes as C0/04 A0/03 80/02 A0/01 80/00 (reported as captured, docs/reference/c1218.md 1)", () => {
  const answer = new Uint8Array(1 + 2 + 239 + 1);
  const packets = packetsOf(answer, { packetSize: 64, packets: 8 }, 0, 0);
  expect(packets.map((packet) => [packet[2], packet[3]])).toEqual([[0xc0, 4], [0xa0, 3], [0x80, 2], [0xa0, 1], [0x80, 0]]);
  expect(packets.map((packet) => packet.length)).toEqual([64, 64, 64, 64, 8 + 243 - 4 * 56]);
});

test("a message that just fills one packet is a single packet", () => {
  expect(packetsOf(new Uint8Array(56), base, 0, 1).map((packet) => [packet[2], packet[3]])).toEqual([[0x20, 0]]);
});

test("packets are found whatever the chunks, amid noise without a start byte, and no byte is kept", () => {
  const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.filter((byte) => ![0xee, 0x06, 0x15].includes(byte)));
  const message = fc.uint8Array({ minLength: 1, maxLength: 56 });
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, message), { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (items, cuts) => {
      const stream = concatBytes(...items.flatMap(([before, data]) => [before, ...packetsOf(data, base, 0, 0)]));
      const { found, left } = readInPieces(stream, cuts);
      expect(found.map((one) => (one.kind === "packet" ? one.packet.data : one.kind))).toEqual(items.map(([, data]) => data));
      expect(left).toEqual(emptyReader);
    }),
  );
});

test("arbitrary bytes never throw and never leave more than one packet behind", () => {
  const bytes = fc.array(fc.oneof({ weight: 1, arbitrary: fc.constantFrom(0xee, 0x00, 0x80, 0xc0, 0x06, 0x15) }, { weight: 2, arbitrary: fc.nat(255) }), { maxLength: 600 });
  fc.assert(
    fc.property(bytes, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (octets, cuts) => {
      const { left } = readInPieces(Uint8Array.from(octets), cuts);
      expect(left.pending.length).toBeLessThan(64);
      expect(readQuiet(left, 56).state).toEqual(emptyReader);
    }),
  );
});

test("a whole packet behind a false start is found when its bytes are there, or when the line falls quiet", () => {
  const [packet] = packetsOf(Uint8Array.of(0x20), base, 0, 0);
  const falseStart = Uint8Array.of(0xee, 0x00, 0x00, 0x00, 0x00, 0x30);
  const first = readChunk(emptyReader, concatBytes(falseStart, packet ?? new Uint8Array(0)), 56);
  expect(first.found).toEqual([]);
  expect(readQuiet(first.state, 56).found.map(({ kind }) => kind)).toEqual(["bad", "packet"]);
  const filled = readChunk(first.state, new Uint8Array(60), 56);
  expect(filled.found.map(({ kind }) => kind)).toEqual(["bad", "packet"]);
});

test("a burst of garbage full of start bytes is reported once, and its 06 is no acknowledgement", () => {
  const [packet] = packetsOf(Uint8Array.from([0xee, 0, 0, 0, 0, 1, 0x06, 0, 0, 0x06]), base, 0, 0);
  const damaged = packet?.slice() ?? new Uint8Array(0);
  damaged[15] = 0x07;
  expect(readChunk(emptyReader, damaged, 56).found).toEqual([{ kind: "bad", fault: "checksum" }]);
});

test.each([
  ["reserved control bits", [0xee, 0, 0x01, 0, 0, 1]],
  ["a sequence number without the multiple-packet bit", [0xee, 0, 0, 1, 0, 1]],
  ["the first-packet bit without the multiple-packet bit", [0xee, 0, 0x40, 0, 0, 1]],
])("refuses at once %s", (_, header) => {
  expect(readChunk(emptyReader, Uint8Array.from(header), 56).found).toEqual([{ kind: "bad", fault: "header" }]);
});

test("refuses at once a length beyond what was agreed, without waiting for its bytes", () => {
  expect(readChunk(emptyReader, Uint8Array.from([0xee, 0, 0, 0, 0x1f, 0xf7]), 56).found).toEqual([{ kind: "bad", fault: "length" }]);
  expect(readChunk(emptyReader, Uint8Array.from([0xee, 0, 0, 0, 0, 57]), 56).found).toEqual([{ kind: "bad", fault: "length" }]);
  expect(readChunk(emptyReader, Uint8Array.from([0xee, 0, 0, 0, 0, 56]), 56).found).toEqual([]);
});

function readInPieces(stream: Uint8Array, cuts: readonly number[]) {
  let left = emptyReader;
  const found: Found[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const end = at + (cuts[turn % cuts.length] ?? 1);
    const reading = readChunk(left, stream.slice(at, end), 56);
    found.push(...reading.found);
    left = reading.state;
    at = end;
  }
  return { found, left };
}
