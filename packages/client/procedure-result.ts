/** What RESULT_CODE of table 8 means; `unknown` for a code that no source names. */
export type ProcedureOutcome = "completed" | "accepted" | "invalid-parameter" | "conflicts-with-setup" | "timing-constraint" | "not-authorized" | "unrecognized" | "unknown";

interface ProcedureResult {
  readonly code: number;
  readonly outcome: ProcedureOutcome;
  readonly meaning: string;
  /** What a person does about it. */
  readonly advice: string;
}

/** RESULT_CODE of table 8. Source: facts 6 and ST8 (two open clients agree). */
export const procedureResults: readonly ProcedureResult[] = [
  { code: 0, outcome: "completed", meaning: "completed", advice: "" },
  { code: 1, outcome: "accepted", meaning: "accepted, not yet completed", advice: "Read table 8 again later." },
  { code: 2, outcome: "invalid-parameter", meaning: "invalid parameter", advice: "Check the values sent with the procedure." },
  { code: 3, outcome: "conflicts-with-setup", meaning: "conflicts with the meter's set-up", advice: "Check what the meter is configured for." },
  { code: 4, outcome: "timing-constraint", meaning: "timing constraint", advice: "Try again later." },
  { code: 5, outcome: "not-authorized", meaning: "no authorization", advice: "Log on with a password of a level that may run it." },
  { code: 6, outcome: "unrecognized", meaning: "unrecognized procedure", advice: "This meter does not have the procedure." },
];

export function procedureOutcome(code: number): ProcedureOutcome {
  return procedureResults.find((row) => row.code === code)?.outcome ?? "unknown";
}

/** A result other than 0 in one sentence, for people. */
export function procedureRefusal(code: number): string {
  const row = procedureResults.find((one) => one.code === code);
  return `${row?.meaning ?? `result ${code}`}. ${row?.advice ?? ""}`.trimEnd();
}
