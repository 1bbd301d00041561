import { MeterError } from "../meter-error.ts";
import { isPowerCut } from "./power-cut.ts";

/**
 * Whether memory took what `write` wrote: its own answer, and no where it throws. A loss of power and a misuse of the device, which is a defect of the board's program,
 * are thrown on.
 */
export function taken(write: () => boolean): boolean {
  try {
    return write();
  } catch (error) {
    if (isPowerCut(error) || (error instanceof MeterError && error.code === "flash-misuse")) throw error;
    return false;
  }
}
