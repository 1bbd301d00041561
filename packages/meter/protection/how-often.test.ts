import fc from "fast-check";
import { expect, test } from "vitest";
import type { Provocation } from "../provocations/provocation.ts";
import { ProtectedMeter } from "../testing/protected-meter.ts";

const minutes = 30;

/** What is seen of a meter that lived through these faults and was looked at every so many seconds. */
function lived(fault: Omit<Extract<Provocation, { kind: "fault-current" }>, "from" | "kind">, begins: number, order: { readonly at: number; readonly what: "open" | "close" | "arm" }, everySeconds: number): object {
  const meter = new ProtectedMeter();
  const [start, before] = [meter.in(0), meter.sequence];
  meter.provoke({ kind: "fault-current", from: start + begins, ...fault });
  let passed = 0;
  const until = (second: number): void => {
    while (passed < second) {
      const step = Math.min(everySeconds, second - passed);
      meter.seconds(step);
      passed += step;
    }
  };
  until(order.at);
  const answer = meter.order(order.what);
  until(minutes * 60);
  return { answer, status: meter.status, events: meter.switchEvents(before), delivered: meter.delivered };
}

test("[OCP-2] however seldom the meter looks, it has done the same at the same times: every second or once in half an hour", () => {
  const recloser = fc.array(fc.record({ tripsAfter: fc.integer({ min: 10, max: 3000 }).map((ms) => ms / 1000), opensFor: fc.integer({ min: 50, max: 20_000 }).map((ms) => ms / 1000) }), { maxLength: 4 });
  const fault = fc.record({ amperes: fc.constantFrom(70, 165, 195, 230, 400, 2400), volts: fc.constantFrom(90, 150, 230), recloser });
  const order = fc.record({ at: fc.integer({ min: 1, max: minutes * 60 - 1 }), what: fc.constantFrom<"open" | "close" | "arm">("open", "close", "arm") });
  fc.assert(fc.property(fault, fc.integer({ min: 0, max: 60_000 }), order, fc.integer({ min: 2, max: 1800 }), (what, begins, ordered, seldom) => {
    expect(lived(what, begins / 1000, ordered, seldom)).toEqual(lived(what, begins / 1000, ordered, 1));
  }), { numRuns: 12 });
});
