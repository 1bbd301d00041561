import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFault, type Firmware, type FirmwareRunner } from "./firmware-runner.ts";
import { checkMetrology } from "./health-check.ts";
import { version1, version2 } from "./images.generated.ts";
import { inThreadRunner } from "./in-thread-runner.ts";
import { input, output } from "./interface.ts";
import { assemble, firmwareOf } from "./testing/assemble.ts";

function reasonOf(image: Uint8Array): string {
  const result = inThreadRunner().load(image);
  return isFault(result) ? result.reason : "taken";
}

function loaded(runner: FirmwareRunner, image: Uint8Array): Firmware {
  const result = runner.load(image);
  if (isFault(result)) throw new Error(`${result.reason}: ${result.what}`);
  return result;
}

const good = "(local.get $steps)";

describe("what is no firmware is refused before it runs", () => {
  test.each([
    ["taken", "a module that follows the interface", firmwareOf(good)],
    ["not-a-module", "no octets", new Uint8Array()],
    ["not-a-module", "a body that does not validate", Uint8Array.from([...firmwareOf(good).subarray(0, -2), 0x6a, 0x0b])],
    ["not-a-module", "more octets than an image may have", new Uint8Array(70_000)],
    ["forbidden-part", "a start function", firmwareOf(good, "(func $go) (start $go)")],
    ["forbidden-part", "a memory of its own", assemble('(module (memory 1) (func (export "measure") (param i32) (result i32) (local.get 0)))')],
    ["forbidden-part", "data that would be written into the board's memory", firmwareOf(good, '(data (i32.const 0) "x")')],
    ["forbidden-part", "a table", firmwareOf(good, "(table 1 funcref)")],
    ["forbidden-part", "a global that changes", firmwareOf(good, "(global $kept (mut i32) (i32.const 0))")],
    ["forbidden-import", "a function of the host", assemble('(module (import "board" "memory" (memory 1)) (import "env" "now" (func)))')],
    ["forbidden-import", "a memory that may be larger", assemble('(module (import "board" "memory" (memory 2)))')],
    ["wrong-export", "no measure", assemble('(module (import "board" "memory" (memory 1)) (global (export "abi") i32 (i32.const 1)))')],
    ["wrong-export", "a measure of no parameter", assemble('(module (import "board" "memory" (memory 1)) (func (export "measure") (result i32) (i32.const 0)))')],
    ["wrong-export", "a version of 64 bits", assemble('(module (import "board" "memory" (memory 1)) (global (export "abi") i32 (i32.const 1)) (global (export "version") i64 (i64.const 1)) (global (export "stateLength") i32 (i32.const 0)) (func (export "measure") (param i32) (result i32) (local.get 0)))')],
    ["wrong-interface", "another interface", firmwareOf(good, "", { abi: "2" })],
    ["wrong-interface", "too long a state", firmwareOf(good, "", { stateLength: "1025" })],
    ["wrong-interface", "a state of less than nothing", firmwareOf(good, "", { stateLength: "-1" })],
  ])("%s: %s", (reason, _, image) => {
    expect(reasonOf(image)).toBe(reason);
  });

  test("whatever octets are given, the runner answers with firmware or a reason", () => {
    const damaged = fc.tuple(fc.nat(version2.length - 1), fc.nat(255)).map(([at, octet]) => Uint8Array.from(version2, (old, index) => (index === at ? octet : old)));
    const runner = inThreadRunner();
    fc.assert(fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 })), (image) => {
      const result = runner.load(image);
      expect(isFault(result) ? typeof result.what : typeof result.digest).toBe("string");
    }), { numRuns: 200 });
  });
});

describe("a run that goes wrong leaves state and counts as they were", () => {
  const outcome = (body: string): { reason: string | undefined; untouched: boolean } => {
    const runner = inThreadRunner();
    const firmware = loaded(runner, firmwareOf(body));
    const state = new Uint8Array(16).fill(7);
    const outputs = new Float64Array(2 * output.length).fill(5);
    const fault = runner.run(firmware, { state, inputs: new Float64Array(2 * input.length), outputs, steps: 2 });
    return { reason: fault?.reason, untouched: state.every((octet) => octet === 7) && outputs.every((count) => count === 5) };
  };
  const writesState = "(i32.store (i32.const 0) (i32.const 99))";

  test.each([
    ["trap", "unreachable", `${writesState} unreachable`],
    ["trap", "division by zero", `${writesState} (i32.div_u (i32.const 1) (i32.const 0))`],
    ["trap", "memory outside its page", `${writesState} (i32.load (i32.const 65536))`],
    ["trap", "endless recursion", `${writesState} (i32.add (i32.const 1) (call 0 (local.get $steps)))`],
    ["nonsense", "another number of steps", `${writesState} (i32.const 1)`],
    ["nonsense", "a negative count", `${writesState} (f64.store (i32.const 16384) (f64.const -1)) (local.get $steps)`],
    ["nonsense", "half a count", `${writesState} (f64.store (i32.const 16384) (f64.const 0.5)) (local.get $steps)`],
    ["nonsense", "a count without bound", `${writesState} (f64.store (i32.const 16776) (f64.const inf)) (local.get $steps)`],
    ["nonsense", "no number", `${writesState} (f64.store (i32.const 16384) (f64.const nan)) (local.get $steps)`],
  ])("%s: %s", (reason, _, body) => {
    expect(outcome(body)).toEqual({ reason, untouched: true });
  });

  test("memory does not grow: asked for more, the engine answers no", () => {
    expect(outcome("(if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)) (local.get $steps)").reason).toBeUndefined();
  });

  test("no meter sees what another left in the scratch memory", () => {
    const runner = inThreadRunner();
    // Counts what it finds at 60000, and leaves something there.
    const firmware = loaded(runner, firmwareOf("(f64.store (i32.const 16384) (f64.load (i32.const 60000))) (f64.store (i32.const 60000) (f64.const 42)) (local.get $steps)"));
    const counts = [1, 2].map(() => {
      const outputs = new Float64Array(output.length);
      expect(runner.run(firmware, { state: new Uint8Array(16), inputs: new Float64Array(input.length), outputs, steps: 1 })).toBeUndefined();
      return outputs[0];
    });
    expect(counts).toEqual([0, 0]);
  });
});

describe("[FWU-D] the metrology health check", () => {
  test.each([["version 1", version1], ["version 2", version2]])("passes %s", (_, image) => {
    expect(checkMetrology(inThreadRunner(), image)).toBeUndefined();
  });

  test("finds firmware that measures nothing, one that breaks off, and one that is none", () => {
    const reason = (image: Uint8Array): string | undefined => checkMetrology(inThreadRunner(), image)?.reason;
    expect([reason(firmwareOf(good)), reason(firmwareOf("unreachable")), reason(new Uint8Array(3))]).toEqual(["wrong-result", "trap", "not-a-module"]);
  });
});
