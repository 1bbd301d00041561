import { workerData } from "node:worker_threads";
import { isFault, type Firmware } from "@metersmith/meter/firmware/firmware-runner";
import { inThreadRunner } from "@metersmith/meter/firmware/in-thread-runner";
import { SharedDesk, turn, word } from "./shared-desk.ts";

/** The thread in which firmware runs: it takes one order at a time from the desk, for ever, until it is ended from outside. */
const desk = new SharedDesk(workerData as SharedArrayBuffer);
const runner = inThreadRunner();
const loaded: Firmware[] = [];

for (;;) {
  const signal = Atomics.load(desk.control, word.signal);
  if (signal === turn.load) load();
  else if (signal === turn.run) run();
  else {
    Atomics.wait(desk.control, word.signal, signal);
    continue;
  }
  Atomics.store(desk.control, word.signal, turn.answered);
  Atomics.notify(desk.control, word.signal);
}

function load(): void {
  const result = runner.load(desk.image.slice(0, desk.control[word.length]));
  if (!isFault(result)) loaded[desk.control[word.slot] ?? 0] = result;
  desk.write(result);
}

function run(): void {
  const firmware = loaded[desk.control[word.slot] ?? 0];
  const fault = firmware
    ? runner.run(firmware, { state: desk.state, inputs: desk.inputs, outputs: desk.outputs, steps: desk.control[word.length] ?? 0 })
    : { reason: "not-loaded", what: "the thread does not have it" };
  if (fault) desk.write(fault);
  else desk.control[word.length] = 0;
}
