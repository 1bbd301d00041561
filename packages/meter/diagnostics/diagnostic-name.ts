import { diagnostics } from "./diagnostic-list.ts";

/** The id of a diagnostic by its number, as in events and reports; undefined for a number that none has. */
export function diagnosticName(number: number): string | undefined {
  return diagnostics.find((one) => one.number === number)?.id;
}
