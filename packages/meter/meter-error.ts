import { Failure } from "@metersmith/base/errors";

/**
 * `bad-model` a factory file that makes no meter · `bad-recording` a recorded load that is none · `bad-passwords` not as many, or not of the length, that the model has.
 * `flash-misuse` the board broke the rules of its flash device · `power-cut` the power failed where a test asked for it.
 * A meter that runs throws nothing: what a client asks is answered with response codes.
 */
export type MeterErrorCode = "bad-model" | "bad-recording" | "bad-passwords" | "flash-misuse" | "power-cut";

/** The one error of this package. */
export class MeterError extends Failure<MeterErrorCode> {}
