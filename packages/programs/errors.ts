import { Failure, type FailureContext, type FailureKind } from "@metersmith/base/errors";
import { findingText, type Finding } from "./finding.ts";

export type ProgramsErrorCode =
  | "file-unreadable"
  | "tariff-invalid"
  | "answers-invalid"
  | "parameters-invalid"
  | "device-type-invalid"
  | "exceeds-limit"
  | "mapping-impossible"
  | "tables-unreadable"
  | "intervals-invalid"
  | "unknown-role"
  | "archive-invalid"
  | "archive-too-large"
  | "unknown-key"
  | "key-not-allowed"
  | "bad-signature"
  | "bad-key";

/** What this package throws. `findings` holds every finding behind it; the message tells the first ones. */
export class ProgramsError extends Failure<ProgramsErrorCode> {
  readonly findings: readonly Finding[];

  constructor(
    code: ProgramsErrorCode,
    message: string,
    options: { kind?: FailureKind; context?: FailureContext; findings?: readonly Finding[]; cause?: unknown } = {},
  ) {
    super(options.kind ?? "input", code, message, options.context, options.cause);
    this.findings = options.findings ?? [];
  }
}

const told = 3;

/** The error for a file with findings: names the file, the first fields, and how many more there are. */
export function refusal(code: ProgramsErrorCode, file: string, findings: readonly Finding[]): ProgramsError {
  const first = findings.slice(0, told).map(findingText).join("; ");
  const more = findings.length > told ? `; and ${findings.length - told} more` : "";
  return new ProgramsError(code, `${file}: ${first}${more}`, {
    findings,
    context: { file, field: findings[0]?.field ?? "" },
  });
}
