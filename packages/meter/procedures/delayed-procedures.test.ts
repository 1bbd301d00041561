import type { FieldValue } from "@metersmith/tables";
import { expect, test } from "vitest";
import { bytesOf, meterOnTheBench, models, type BenchMeter } from "../testing/bench.ts";

/** ix-4s, most significant octet first: a demand reset takes 2 s, clearing its data 5 s (device-types/ix-4s/factory.json). */
const [clearData, demandReset] = [3, 9];
const [completed, accepted, invalidParameter, timingConstraint, notAuthorized] = [0, 1, 2, 4, 5];
const selectors = { onCompletion: 0, onException: 0x10, never: 0x20, immediatelyToo: 0x30 };
const nothing = [0, 0, 0, 0];

function bench() {
  const meter = meterOnTheBench({ deviceType: "ix-4s" });
  const session = meter.session("master");
  const start = (number: number, selector: number, sequence: number, ...parameters: number[]): void => {
    expect(session.write(7, Uint8Array.of(selector, number, sequence, ...parameters))).toBe("ok");
  };
  const seen = (): number[] => [...bytesOf(session.read(8))];
  return { meter, session, start, seen, pass: (milliseconds: number) => meter.clock.advance(milliseconds) };
}

function resets(meter: BenchMeter): FieldValue {
  return models["ix-4s"].context.decode(23, bytesOf(meter.session("master").read(23))).get("NBR_DEMAND_RESETS");
}

test("asked to answer at the end, table 8 keeps the answer before until the procedure has ended, then shows its own", () => {
  const { start, seen, pass } = bench();
  start(demandReset, selectors.onCompletion, 7, 1);
  expect(seen()).toEqual(nothing);
  pass(1999);
  expect(seen()).toEqual(nothing);
  pass(1);
  expect(seen()).toEqual([0, demandReset, 7, completed, 1]);
});

test("asked to answer at once too, table 8 says accepted, then completed", () => {
  const { start, seen, pass } = bench();
  start(clearData, selectors.immediatelyToo, 8);
  expect(seen()).toEqual([0x30, clearData, 8, accepted]);
  pass(5000);
  expect(seen()).toEqual([0x30, clearData, 8, completed]);
});

test("asked to answer on an exception or never, a procedure that ends well says nothing; one that fails at its end says so where asked", () => {
  const { start, seen, pass } = bench();
  start(demandReset, selectors.onException, 1, 1);
  pass(2000);
  start(demandReset, selectors.never, 2, 0x40);
  pass(2000);
  expect(seen()).toEqual(nothing);
  start(demandReset, selectors.onException, 3, 0x40);
  expect(seen()).toEqual(nothing);
  pass(2000);
  expect(seen()).toEqual([0x10, demandReset, 3, invalidParameter]);
});

test("what is refused is refused at once", () => {
  const { meter } = bench();
  const reader = meter.session("reader");
  reader.write(7, Uint8Array.of(0, demandReset, 4, 1));
  expect([...bytesOf(reader.read(8))]).toEqual([0, demandReset, 4, notAuthorized]);
});

test("one procedure at a time: another that takes its time is a timing constraint, one that takes none runs", () => {
  const { start, seen, pass } = bench();
  start(demandReset, selectors.onCompletion, 1, 1);
  start(clearData, selectors.onCompletion, 2);
  expect(seen()).toEqual([0, clearData, 2, timingConstraint]);
  start(7, selectors.onCompletion, 3);
  expect(seen()).toEqual([0, 7, 3, completed]);
  pass(2000);
  expect(seen()).toEqual([0, demandReset, 1, completed, 1]);
  start(clearData, selectors.onCompletion, 4);
  pass(5000);
  expect(seen()[3]).toBe(completed);
});

test("a procedure goes on when its session has ended, and its answer goes to nobody", () => {
  const { meter, session, start, pass } = bench();
  const before = resets(meter);
  start(demandReset, selectors.onCompletion, 1, 1);
  session.logoff();
  session.terminated("hung-up");
  expect(resets(meter)).toBe(before);
  pass(2000);
  expect(resets(meter)).toBe(Number(before) + 1);
  expect([...bytesOf(meter.session("master").read(8))]).toEqual(nothing);
});

test("a loss of power ends it with nothing done", () => {
  const { meter, start } = bench();
  const before = resets(meter);
  start(demandReset, selectors.onCompletion, 1, 1);
  const again = meter.restarted();
  again.clock.advance(10_000);
  expect(resets(again)).toBe(before);
  const session = again.session("master");
  session.write(7, Uint8Array.of(0, demandReset, 1, 1));
  again.clock.advance(2000);
  expect([...bytesOf(session.read(8))]).toEqual([0, demandReset, 1, completed, 1]);
});
