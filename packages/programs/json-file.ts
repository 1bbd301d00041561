import { isPlainText } from "@metersmith/base/plain-text";
import type { z } from "zod";
import { ProgramsError, refusal, type ProgramsErrorCode } from "./errors.ts";
import { fieldPath, type Finding } from "./finding.ts";

const mostCharacters = 2 * 1024 * 1024;
const mostFindings = 20;

/** Parses the text of a JSON file of at most 2 Mi characters. */
export function parseJsonFile(text: string, file: string): unknown {
  if (text.length > mostCharacters) {
    throw new ProgramsError("file-unreadable", `${file}: ${text.length} characters; at most ${mostCharacters} are read`, { context: { file } });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 160) : "not JSON";
    throw new ProgramsError("file-unreadable", `${file}: not a JSON file: ${reason}`, { context: { file }, cause });
  }
}

/** Holds a value against a schema. Every mismatch becomes a finding with its path; the first twenty are kept. */
export function readShape<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string, code: ProgramsErrorCode): z.output<Schema> {
  const outcome = schema.safeParse(value);
  if (outcome.success) {
    const place = unwritable(outcome.data, []);
    if (place === undefined) return outcome.data;
    throw refusal(code, file, [{ severity: "error", field: fieldPath(place), message: "holds characters that are no text (control characters or halves of a pair)" }]);
  }
  throw refusal(code, file, outcome.error.issues.slice(0, mostFindings).map(findingOf));
}

/** Path of the first text that cannot be stored or would act on a terminal; line ends and tabs are text. Depth is the schema's. */
function unwritable(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | undefined {
  if (typeof value === "string") return isPlainText(value.replace(/[\t\n\r]/g, " ")) ? undefined : path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, part] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    const place = unwritable(key, path) ?? unwritable(part, [...path, key]);
    if (place) return place;
  }
  return undefined;
}

function findingOf(issue: z.core.$ZodIssue): Finding {
  if (issue.code === "unrecognized_keys") {
    return { severity: "error", field: fieldPath([...issue.path, issue.keys[0] ?? ""]), message: "is not a field of this file" };
  }
  return { severity: "error", field: fieldPath(issue.path), message: issue.message.replace(/^Invalid input: /, "") };
}
