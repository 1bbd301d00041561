import { readFileSync } from "node:fs";
import { parseJsonFile } from "../json-file.ts";
import type { Parameters } from "../parameters/schema.ts";
import { importTariff, type TariffImport } from "../tariff/import.ts";
import { parametersFrom } from "../tariff/parameters-from.ts";

const top = new URL("../../../", import.meta.url);

export const exampleRates = [
  "aps-et-2-tou", "aps-r-2-tou-demand", "consumers-energy-rsp-summer-peak", "dominion-va-gs-3", "entergy-ar-lps-tou", "jea-rs-flat", "pge-e-1-tiered-region-t",
  "pge-e-19-secondary-tou-demand", "sce-gs-2-tou-b-single-phase",
] as const;
export type ExampleRate = (typeof exampleRates)[number];

/** The parsed JSON of `examples/tariffs/<name>.json`, a new object each time. */
export function exampleJson(name: string): Record<string, unknown> {
  return parseJsonFile(readFileSync(new URL(`examples/tariffs/${name}.json`, top), "utf8"), name) as Record<string, unknown>;
}

export function exampleTariff(name: ExampleRate): TariffImport {
  return importTariff(exampleJson(name), `${name}.json`);
}

/** `change` edits the example's answers before they are used. */
export function exampleParameters(name: ExampleRate, change: (answers: Record<string, unknown>) => void = () => {}): Parameters {
  const answers = exampleJson(`${name}.answers`);
  change(answers);
  return parametersFrom(exampleTariff(name), answers, { version: 3 });
}
