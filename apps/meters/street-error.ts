import { Failure } from "@metersmith/base/errors";

/** `bad-configuration` what the street was told to be · `bad-scenario` what is to happen in it · `state-in-use` another street has this state open · `state-damaged` its file is no street's. */
export type StreetErrorCode = "bad-configuration" | "bad-scenario" | "state-in-use" | "state-damaged";

/** The one error of this app. */
export class StreetError extends Failure<StreetErrorCode> {}
