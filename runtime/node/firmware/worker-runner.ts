import { Worker } from "node:worker_threads";
import { digestOf, type Digest } from "@metersmith/base/digest";
import { isFault, type Firmware, type FirmwareFault, type FirmwareRun, type FirmwareRunner } from "@metersmith/meter/firmware/firmware-runner";
import { input, mostImageOctets, output } from "@metersmith/meter/firmware/interface";
import { SharedDesk, turn, word } from "./shared-desk.ts";

export interface WorkerRunnerLimits {
  /** Milliseconds that a run may take before it is ended. A run of 96 steps takes well under one. */
  readonly run: number;
  /** Milliseconds for a thread to start and prepare an image. */
  readonly load: number;
}

export interface WorkerRunner extends FirmwareRunner {
  /** Ends the thread. The runner may be used again: it starts another. */
  stop(): Promise<void>;
}

interface Known {
  readonly image: Uint8Array;
  readonly firmware: Firmware;
  readonly slot: number;
}

interface Thread {
  readonly worker: Worker;
  readonly desk: SharedDesk;
  /** Images that this thread has prepared, by slot. */
  readonly prepared: Set<number>;
}

const late: FirmwareFault = { reason: "deadline", what: "it did not end within its time, and was ended" };

/** Images that are remembered. More are not loaded: a street has a handful of versions. */
const mostImages = 256;

/**
 * Runs firmware in a thread of its own, and waits for it: a run that does not end in time is ended with its thread, reported as `deadline`, and the
 * process goes on with a new thread. The caller's thread is blocked meanwhile, as it would be by running the firmware itself.
 */
export function workerRunner(limits: WorkerRunnerLimits = { run: 250, load: 10_000 }): WorkerRunner {
  const known = new Map<Digest, Known>();
  let thread: Thread | undefined;

  const running = (): Thread => {
    if (thread) return thread;
    const shared = new SharedArrayBuffer(SharedDesk.octets);
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: shared, resourceLimits: { maxOldGenerationSizeMb: 64 } });
    worker.unref();
    const started: Thread = { worker, desk: new SharedDesk(shared), prepared: new Set() };
    const forget = (): void => void (thread === started && (thread = undefined));
    worker.on("error", forget);
    worker.on("exit", forget);
    return (thread = started);
  };

  /** Hands the desk over and waits. False where the thread did not answer in time: then it is no more. */
  const ordered = (one: Thread, signal: number, milliseconds: number): boolean => {
    const { control } = one.desk;
    Atomics.store(control, word.signal, signal);
    Atomics.notify(control, word.signal);
    // Wakes for nothing but an answer: only the thread notifies.
    if (Atomics.wait(control, word.signal, signal, milliseconds) !== "timed-out") return true;
    void one.worker.terminate();
    thread = undefined;
    return false;
  };

  const prepare = (one: Thread, slot: number, image: Uint8Array): Firmware | FirmwareFault => {
    one.desk.image.set(image);
    one.desk.control[word.slot] = slot;
    one.desk.control[word.length] = image.length;
    if (!ordered(one, turn.load, limits.load)) return late;
    const result = one.desk.read() as Firmware | FirmwareFault;
    if (!isFault(result)) one.prepared.add(slot);
    return result;
  };

  return {
    load(image) {
      if (image.length > mostImageOctets) return { reason: "not-a-module", what: `it has ${image.length} octets, at most ${mostImageOctets} are taken` };
      const digest = digestOf(image);
      const before = known.get(digest);
      if (before) return before.firmware;
      if (known.size >= mostImages) return { reason: "not-loaded", what: `this runner has ${mostImages} images already` };
      const result = prepare(running(), known.size, image);
      if (!isFault(result)) known.set(digest, { image: image.slice(), firmware: result, slot: known.size });
      return result;
    },
    run(firmware, run) {
      const mine = known.get(firmware.digest);
      if (!mine) return { reason: "not-loaded", what: "this runner does not have it" };
      const one = running();
      if (!one.prepared.has(mine.slot)) {
        const prepared = prepare(one, mine.slot, mine.image);
        if (isFault(prepared)) return prepared;
      }
      return execute(one, mine, run);
    },
    async stop() {
      const ending = thread;
      thread = undefined;
      await ending?.worker.terminate();
    },
  };

  function execute(one: Thread, { slot, firmware }: Known, run: FirmwareRun): FirmwareFault | undefined {
    const { desk } = one;
    desk.control[word.slot] = slot;
    desk.control[word.length] = run.steps;
    desk.state.set(run.state.subarray(0, firmware.stateLength));
    desk.inputs.set(run.inputs.subarray(0, run.steps * input.length));
    if (!ordered(one, turn.run, limits.run)) return late;
    if ((desk.control[word.length] ?? 0) > 0) return desk.read() as FirmwareFault;
    run.outputs.set(desk.outputs.subarray(0, run.steps * output.length));
    run.state.set(desk.state.subarray(0, firmware.stateLength));
    return undefined;
  }
}
