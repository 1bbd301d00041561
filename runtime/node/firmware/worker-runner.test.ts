import { isFault, type Firmware, type FirmwareFault } from "@metersmith/meter/firmware/firmware-runner";
import { version2 } from "@metersmith/meter/firmware/images.generated";
import { input, output } from "@metersmith/meter/firmware/interface";
import { afterEach, expect, test } from "vitest";
import { checkMetrology } from "@metersmith/meter";
import { firmwareOf } from "@metersmith/meter/firmware/testing/assemble";
import { workerRunner, type WorkerRunner } from "./worker-runner.ts";

let runner: WorkerRunner = workerRunner();
afterEach(async () => {
  await runner.stop();
  runner = workerRunner({ run: 100, load: 10_000 });
});

function loaded(image: Uint8Array): Firmware {
  const result = runner.load(image);
  if (isFault(result)) throw new Error(`${result.reason}: ${result.what}`);
  return result;
}

function oneStep(firmware: Firmware, state = new Uint8Array(1024)): { fault: FirmwareFault | undefined; counts: Float64Array; state: Uint8Array } {
  const inputs = new Float64Array(input.length);
  inputs.set([900, 240, 0, 0, 10, 0, 0, 1, 1, 1]);
  const counts = new Float64Array(output.length);
  return { fault: runner.run(firmware, { state, inputs, outputs: counts, steps: 1 }), counts, state };
}

test("firmware that does not end is ended and reported, its state is as before, and other firmware goes on", () => {
  const endless = loaded(firmwareOf("(i32.store (i32.const 0) (i32.const 99)) (loop $for_ever (br $for_ever)) (local.get $steps)"));
  const good = loaded(version2);
  const state = new Uint8Array(1024).fill(7);
  expect(oneStep(endless, state).fault?.reason).toBe("deadline");
  expect(state.every((octet) => octet === 7)).toBe(true);
  const after = oneStep(good);
  expect([after.fault, after.counts[output.energy(0, 0, 1)]]).toEqual([undefined, 600_000]);
  expect(oneStep(endless).fault?.reason).toBe("deadline");
});

test("the thread gives the counts and the state that the caller's own thread gives, and passes the health check", () => {
  expect(checkMetrology(runner, version2)).toBeUndefined();
});

test("what the image or the run does wrong comes back with its reason", () => {
  const refused = runner.load(firmwareOf("(local.get $steps)", "(func $go) (start $go)"));
  expect(isFault(refused) && refused.reason).toBe("forbidden-part");
  expect(oneStep(loaded(firmwareOf("unreachable"))).fault?.reason).toBe("trap");
  expect(oneStep(loaded(firmwareOf("(i32.const 7)"))).fault?.reason).toBe("nonsense");
});

test("more versions than the thread keeps instances of are prepared again when they are run", () => {
  const versions = Array.from({ length: 12 }, (_, index) => loaded(firmwareOf(`(f64.store (i32.const 16384) (f64.const ${index})) (local.get $steps)`)));
  for (const [index, firmware] of versions.entries()) expect(oneStep(firmware).counts[0]).toBe(index);
  expect(oneStep(versions[0] ?? loaded(version2)).counts[0]).toBe(0);
});
