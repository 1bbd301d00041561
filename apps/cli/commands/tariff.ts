import { billingDeterminants, importTariff, parametersFrom, readGreenButton, readIntervalCsv, runLoad, type IntervalSeries, type Parameters, type TariffImport } from "@metersmith/programs";
import type { Command } from "commander";
import { readJson, readOctets } from "../files.ts";
import { columns, tell } from "../output.ts";

interface TariffOptions {
  readonly answers: string;
  readonly json?: boolean;
}

/** A year of minutes in a Green Button file. */
const mostOctetsOfIntervals = 256 * 1024 * 1024;

export function addTariffCommands(command: Command): void {
  command.description("Tariffs: what billing gets from a program, and what a customer's load would make of it, before anything is built.").helpCommand(false);

  command
    .command("sheet")
    .description("the billing determinants: every register and tier with its ReadingType, its code for billing, and where the tariff has its price")
    .argument("<tariff>", "file with the rate (OpenEI URDB JSON)")
    .requiredOption("--answers <file>", "file with the answers")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("tariff sheet examples/tariffs/aps-et-2-tou.json --answers examples/tariffs/aps-et-2-tou.answers.json"))
    .action(sheet);

  command
    .command("try")
    .description("run a customer's intervals through a tariff: energy, time and demand in each tier")
    .argument("<tariff>", "file with the rate (OpenEI URDB JSON)")
    .requiredOption("--answers <file>", "file with the answers")
    .requiredOption("--load <file>", "intervals: Green Button XML, or CSV with the heading start,kWh")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("tariff try examples/tariffs/aps-et-2-tou.json --answers examples/tariffs/aps-et-2-tou.answers.json --load examples/loads/four-days.csv"))
    .action(tryLoad);
}

const example = (text: string): string => `\nExample:\n  npx metersmith ${text}`;

async function read(tariffFile: string, { answers }: TariffOptions): Promise<{ readonly tariff: TariffImport; readonly parameters: Parameters }> {
  const tariff = importTariff(await readJson(tariffFile), tariffFile);
  return { tariff, parameters: parametersFrom(tariff, await readJson(answers), { answersFile: answers }) };
}

async function sheet(tariffFile: string, options: TariffOptions): Promise<void> {
  const { tariff, parameters } = await read(tariffFile, options);
  const rows = billingDeterminants(parameters, tariff.fold);
  tell(options.json, { ok: true, determinants: rows, staysInBilling: tariff.staysInBilling }, () => [
    ...columns([
      ["register", "tier", "unit", "billing code", "ReadingType", "", "price"],
      ...rows.map((row) => [
        row.quantity, row.tierName, row.unit, row.billingCode, row.readingType ?? "–", row.certainty === "unverified" ? "unverified" : "", row.pricedBy.join("; "),
      ]),
    ]),
    "",
    "stays in billing:",
    ...columns(tariff.staysInBilling.map(({ field, what }) => [`  ${field}`, what])),
  ]);
}

async function tryLoad(tariffFile: string, options: TariffOptions & { readonly load: string }): Promise<void> {
  const { parameters } = await read(tariffFile, options);
  const run = runLoad(parameters, await readLoad(options.load));
  tell(options.json, { ok: true, ...run }, () => [
    `${run.from} to ${run.to} (UTC): ${run.intervals} intervals${run.missing === 0 ? "" : `, ${run.missing} missing`}${run.shared === 0 ? "" : `, ${run.shared} shared between tiers`}`,
    "",
    ...columns([
      ["tier", "hours", "kWh", "share", "highest demand, kW", "ending, by the meter's clock"],
      ...run.tiers.map(({ name, minutes, wattHours, demand }) => [
        name, (minutes / 60).toFixed(1), (wattHours / 1000).toFixed(3), run.wattHours === 0 ? "–" : `${((100 * wattHours) / run.wattHours).toFixed(1)} %`,
        demand ? (demand.watts / 1000).toFixed(3) : "–", demand?.ends.replace("T", " ").slice(0, 16) ?? "",
      ]),
      ["all", "", (run.wattHours / 1000).toFixed(3), "", "", ""],
    ]),
    ...run.notes.map((note) => `note: ${note}`),
  ]);
}

/** By what it holds: an XML document begins with an angle bracket, the table of intervals never does. */
async function readLoad(file: string): Promise<IntervalSeries> {
  const content = (await readOctets(file, mostOctetsOfIntervals)).toString("utf8").replace(/^\uFEFF/, "");
  return content.trimStart().startsWith("<") ? readGreenButton(content, file) : readIntervalCsv(content, file);
}
