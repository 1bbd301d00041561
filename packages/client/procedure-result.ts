interface ProcedureResult {
  readonly code: number;
  readonly meaning: string;
  /** What a person does about it. */
  readonly advice: string;
}

/** RESULT_CODE of table 8. Source: facts 6 and ST8 (two open clients agree). */
export const procedureResults: readonly ProcedureResult[] = [
  { code: 0, meaning: "completed", advice: "" },
  { code: 1, meaning: "accepted, not yet completed", advice: "Read table 8 again later." },
  { code: 2, meaning: "invalid parameter", advice: "Check the values sent with the procedure." },
  { code: 3, meaning: "conflicts with the meter's set-up", advice: "Check what the meter is configured for." },
  { code: 4, meaning: "timing constraint", advice: "Try again later." },
  { code: 5, meaning: "no authorization", advice: "Log on with a password of a level that may run it." },
  { code: 6, meaning: "unrecognized procedure", advice: "This meter does not have the procedure." },
];
