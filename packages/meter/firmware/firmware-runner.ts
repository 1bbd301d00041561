import type { Digest } from "@metersmith/base/digest";

/**
 * Why an image was not taken or a run gave nothing.
 * Of the image: `not-a-module` no WebAssembly, or too long · `forbidden-part` a start function, a table, a memory or data of its own, a global that
 * changes, an unknown section · `forbidden-import` anything but the board's memory · `wrong-export` one is missing or of another kind · `wrong-interface`
 * another interface number, or a state that is too long.
 * Of a run: `trap` it broke off · `deadline` it did not end in time and was ended · `nonsense` it answered another number of steps, or counts that
 * cannot be · `not-loaded` the runner does not have it, or has too many.
 */
export type FirmwareFaultReason =
  | "not-a-module" | "forbidden-part" | "forbidden-import" | "wrong-export" | "wrong-interface"
  | "trap" | "deadline" | "nonsense" | "not-loaded";

export interface FirmwareFault {
  readonly reason: FirmwareFaultReason;
  /** For people; not the engine's words, which differ between engines. */
  readonly what: string;
}

/** An image that was examined and can run. Equal octets give the same object's worth: tell them apart by `digest`. */
export interface Firmware {
  readonly digest: Digest;
  /** As the image says, for table 1. */
  readonly version: number;
  readonly revision: number;
  /** Octets of measuring state that a meter keeps for it. */
  readonly stateLength: number;
}

/** What one meter's firmware is to do: `steps` of input, and where its counts go (interface.ts). */
export interface FirmwareRun {
  /** As long as the firmware's `stateLength` or longer; changed only where the run succeeds. */
  readonly state: Uint8Array;
  readonly inputs: Float64Array;
  readonly outputs: Float64Array;
  /** 1 … `mostSteps`. */
  readonly steps: number;
}

/**
 * Executes firmware. One instance of a version serves all meters: a meter's measuring state is copied in, and copied out only after a normal end and
 * sensible counts; everything else in the memory is wiped before each run, so that no meter sees another's.
 */
export interface FirmwareRunner {
  /** Examines an image; the same octets are prepared once. */
  load(image: Uint8Array): Firmware | FirmwareFault;
  /** Undefined where it succeeded: then `state` and `outputs` are new. Otherwise both are as before. */
  run(firmware: Firmware, run: FirmwareRun): FirmwareFault | undefined;
}

export function isFault(result: Firmware | FirmwareFault | undefined): result is FirmwareFault {
  return result !== undefined && "reason" in result;
}
