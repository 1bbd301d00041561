import { readShape } from "../json-file.ts";
import type { Finding } from "../finding.ts";
import { staysInBilling, type BillingNote } from "./billing.ts";
import { foldTariff, type TariffFold } from "./fold.ts";
import { oddities } from "./oddities.ts";
import { questionsOf, type Question } from "./questions.ts";
import { urdbSchema, type UrdbRate } from "./urdb.ts";

/** A tariff record as understood: what becomes a program, what stays in billing, what must be asked, what looks odd. */
export interface TariffImport {
  readonly file: string;
  readonly name: string;
  readonly utility: string;
  readonly sector: string | undefined;
  readonly fold: TariffFold;
  readonly questions: readonly Question[];
  readonly staysInBilling: readonly BillingNote[];
  /** Warnings, and errors that forbid making parameters from it. */
  readonly findings: readonly Finding[];
  readonly record: UrdbRate;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/**
 * Reads an OpenEI URDB record (parsed JSON; `parseJsonFile` bounds the text). Throws `tariff-invalid` with file and field
 * where the record contradicts itself or is none.
 */
export function importTariff(json: unknown, file: string): TariffImport {
  const record = readShape(urdbSchema, json, file, "tariff-invalid");
  const fold = foldTariff(record);
  return {
    file,
    name: oneLine(record.name),
    utility: oneLine(record.utility),
    sector: record.sector,
    fold,
    questions: questionsOf(record, fold),
    staysInBilling: staysInBilling(record),
    findings: oddities(record, fold),
    record,
  };
}
