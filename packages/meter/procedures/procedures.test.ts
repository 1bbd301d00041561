import { expect, test } from "vitest";
import { bytesOf, meterOnTheBench } from "../testing/bench.ts";

const completed = 0;
const [invalidParameter, notAuthorized, unrecognized] = [2, 5, 6];

test("table 8 echoes procedure and sequence number, and each connection sees its own", () => {
  const bench = meterOnTheBench();
  const [one, other] = [bench.session("programmer"), bench.session("programmer")];
  expect(one.write(7, Uint8Array.of(7, 0, 0x5a))).toBe("ok");
  expect([...bytesOf(one.read(8))]).toEqual([7, 0, 0x5a, completed]);
  expect([...bytesOf(one.read(7))]).toEqual([7, 0, 0x5a]);
  expect([...bytesOf(other.read(8))]).toEqual([0, 0, 0, 0]);
});

test.each([
  ["a cold start, which this meter has not", [0, 0, 1], unrecognized],
  ["a manufacturer's procedure that it has not (bit 11)", [17, 0x08, 1], unrecognized],
  ["a change of mode in the field", [6, 0, 1, 2], notAuthorized],
  ["clearing data below the master level", [3, 0, 1], notAuthorized],
  ["parameters where none belong", [7, 0, 1, 1], invalidParameter],
  ["too few parameters", [10, 0, 1, 7, 26], invalidParameter],
  ["a selector that does not exist", [7, 0x40, 1], invalidParameter],
])("%s: refused in table 8", (_, octets, result) => {
  const session = meterOnTheBench().session("programmer");
  expect(session.write(7, Uint8Array.from(octets))).toBe("ok");
  expect(bytesOf(session.read(8))[3]).toBe(result);
});

test("the selector says whether table 8 answers: never, or on exception only", () => {
  const session = meterOnTheBench().session("programmer");
  session.write(7, Uint8Array.of(7, 0x20, 9));
  session.write(7, Uint8Array.of(7, 0x10, 9));
  expect([...bytesOf(session.read(8))]).toEqual([0, 0, 0, 0]);
  session.write(7, Uint8Array.of(0, 0x10, 9));
  expect(bytesOf(session.read(8))[3]).toBe(unrecognized);
});

test("table 7 longer than its parameters may be, or without a header, is `iar`", () => {
  const session = meterOnTheBench().session("programmer");
  expect(session.write(7, new Uint8Array(3 + 24 + 1))).toBe("iar");
  expect(session.write(7, new Uint8Array(2))).toBe("iar");
});
