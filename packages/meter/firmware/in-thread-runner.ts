import { digestOf, type Digest } from "@metersmith/base/digest";
import { examineImage } from "./examine-image.ts";
import type { Firmware, FirmwareFault, FirmwareRun, FirmwareRunner } from "./firmware-runner.ts";
import { input, interfaceNumber, memoryOctets, mostOfACount, mostStateOctets, output } from "./interface.ts";

/** Instances that are kept: an engine reserves gigabytes of address space for each memory. The one that was made first goes first. */
const mostInstances = 8;
/** Images that are remembered, so that an instance can be made again. More are not loaded: there is a handful of versions. */
const mostImages = 256;

interface Instance {
  readonly firmware: Firmware;
  readonly measure: (steps: number) => unknown;
  readonly octets: Uint8Array;
  readonly inputs: Float64Array;
  readonly outputs: Float64Array;
}

/**
 * Runs firmware in the caller's own thread: for tests and browsers. Everything that a module may do is contained but one: it cannot end a run that does
 * not end by itself. `workerRunner` of runtime/node can.
 */
export function inThreadRunner(): FirmwareRunner {
  const images = new Map<Digest, { readonly image: Uint8Array; readonly firmware: Firmware }>();
  const instances = new Map<Digest, Instance>();
  const instanceOf = (image: Uint8Array, digest: Digest): Instance | FirmwareFault => {
    const made = instantiate(image, digest);
    if ("reason" in made) return made;
    const [oldest] = instances.keys();
    if (oldest !== undefined && instances.size >= mostInstances) instances.delete(oldest);
    instances.set(digest, made);
    return made;
  };
  return {
    load(image) {
      const digest = digestOf(image);
      const known = images.get(digest);
      if (known) return known.firmware;
      if (images.size >= mostImages) return { reason: "not-loaded", what: `there are ${mostImages} images already` };
      const made = instanceOf(image, digest);
      if ("reason" in made) return made;
      images.set(digest, { image: image.slice(), firmware: made.firmware });
      return made.firmware;
    },
    run(firmware, run) {
      const known = images.get(firmware.digest);
      if (!known) return { reason: "not-loaded", what: "this runner does not have it" };
      const instance = instances.get(firmware.digest) ?? instanceOf(known.image, firmware.digest);
      return "reason" in instance ? instance : execute(instance, run);
    },
  };
}

function execute({ firmware, measure, octets, inputs, outputs }: Instance, run: FirmwareRun): FirmwareFault | undefined {
  const { steps } = run;
  octets.fill(0);
  octets.set(run.state.subarray(0, firmware.stateLength));
  inputs.set(run.inputs.subarray(0, steps * input.length));
  let answer: unknown;
  try {
    answer = measure(steps);
  } catch {
    return { reason: "trap", what: "it broke off within a run" };
  }
  if (answer !== steps) return { reason: "nonsense", what: `it was given ${steps} steps and did not answer so` };
  const counts = steps * output.length;
  for (let index = 0; index < counts; index++) {
    const count = outputs[index] ?? Number.NaN;
    // Written so that a value that is no number fails too.
    if (!(count >= 0 && count <= mostOfACount && Math.floor(count) === count)) return { reason: "nonsense", what: `count ${index % output.length} of step ${Math.floor(index / output.length)} is no whole number within its bounds` };
  }
  run.outputs.set(outputs.subarray(0, counts));
  run.state.set(octets.subarray(0, firmware.stateLength));
  return undefined;
}

function instantiate(image: Uint8Array, digest: Digest): Instance | FirmwareFault {
  const refused = examineImage(image);
  if (refused) return refused;
  const module = compiled(image);
  if (!module) return { reason: "not-a-module", what: "the engine does not take it" };
  const imports = WebAssembly.Module.imports(module);
  const foreign = imports.find((one) => one.module !== "board" || one.name !== "memory" || one.kind !== "memory");
  if (foreign) return { reason: "forbidden-import", what: `it imports ${printable(foreign.module)}.${printable(foreign.name)}, a ${foreign.kind}` };
  if (imports.length !== 1) return { reason: "forbidden-import", what: "it does not import board.memory, once" };
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const exports = exportsOf(module, memory);
  if (!exports) return { reason: "forbidden-import", what: "it asks for another memory than one page that does not grow" };
  const measure = exports["measure"];
  if (typeof measure !== "function" || measure.length !== 1) return { reason: "wrong-export", what: "measure is no function of one parameter" };
  const number = (name: string): number | undefined => {
    const global = exports[name];
    const value: unknown = global instanceof WebAssembly.Global ? global.value : undefined;
    return typeof value === "number" && Number.isInteger(value) ? value : undefined;
  };
  const [abi, version, stateLength] = [number("abi"), number("version"), number("stateLength")];
  if (abi === undefined || version === undefined || stateLength === undefined) return { reason: "wrong-export", what: "abi, version and stateLength are not all global whole numbers" };
  const fits = stateLength >= 0 && stateLength <= mostStateOctets && version >= 0 && version <= 0xffff;
  if (abi !== interfaceNumber || !fits) return { reason: "wrong-interface", what: `interface ${abi}, version ${version}, ${stateLength} octets of state` };
  return {
    firmware: { digest, version: version >> 8, revision: version & 0xff, stateLength },
    measure: (steps) => (measure as (steps: number) => unknown)(steps),
    octets: new Uint8Array(memory.buffer, 0, memoryOctets),
    inputs: new Float64Array(memory.buffer, input.at, (output.at - input.at) / 8),
    outputs: new Float64Array(memory.buffer, output.at, (memoryOctets - output.at) / 8),
  };
}

function compiled(image: Uint8Array): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(image.slice());
  } catch {
    return undefined;
  }
}

function exportsOf(module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Exports | undefined {
  try {
    return new WebAssembly.Instance(module, { board: { memory } }).exports;
  } catch {
    return undefined;
  }
}

/** Names come from the image: the first of their visible characters. */
function printable(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, "?").slice(0, 40);
}
