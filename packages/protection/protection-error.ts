import { Failure } from "@metersmith/base/errors";

/**
 * `study-invalid` a study or a setting that is none, with its place · `curve-unknown` a curve's name that no list has ·
 * `simulation-endless` a feeder whose devices never come to rest within the bound on events.
 */
export type ProtectionErrorCode = "study-invalid" | "curve-unknown" | "simulation-endless";

/** The one error of this package. */
export class ProtectionError extends Failure<ProtectionErrorCode> {}
