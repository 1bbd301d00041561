import type { MeterClient } from "@metersmith/client";
import { procedureResults } from "@metersmith/client";
import { MeterContext, type DecodedTable, type Definitions, type FieldValue } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import type { Command } from "commander";
import { deviceTypeOf } from "../files.ts";
import { withMeter } from "../meter-connection.ts";
import { columns, tell } from "../output.ts";
import { connecting, example, flagsSet, type Common } from "./meter.ts";

export function addDiagnoseCommand(command: Command): void {
  connecting(command.command("diagnose"))
    .description("have a meter run its self-diagnostics (procedure 11) and show what they found; exits with 1 where one failed")
    .addHelpText("after", example("meter diagnose tcp:127.20.0.1:1153 --password-file meter.password", "meter diagnose RX260001 --json"))
    .action(diagnose);
}

const runDiagnostics = 11;
/** Tables of a device type that has our fragment: results, reports that wait (docs/reference/diagnostics.md). */
const [resultsTable, reportsTable] = [2057, 2059];

interface CheckRow {
  readonly diagnostic: string;
  readonly class: string;
  readonly state: string;
  readonly value: number;
  readonly limit: number;
  readonly detail: number;
  /** By the meter's clock. */
  readonly since: string;
}

async function diagnose(address: string, options: Common): Promise<void> {
  await withMeter(address, standardDefinitions, options, async (meter, stopping) => {
    const { outcome, result } = await meter.procedure(runDiagnostics, new Uint8Array(), stopping);
    const status = await meter.readTable(3, stopping);
    const own = await ownTables(meter);
    const checks = own && own.has(resultsTable) ? checksIn(own.decode(resultsTable, await meter.readImage(resultsTable, stopping)), own.definitions) : [];
    const waiting = own && own.has(reportsTable) ? Number(own.decode(reportsTable, await meter.readImage(reportsTable, stopping)).get("NBR_REPORTS")) : null;
    const failed = checks.filter(({ state }) => state === "failed");
    const ok = outcome === "completed" && failed.length === 0;
    tell(options.json, { ok, outcome, checks, flags: status.get("ED_STD_STATUS1"), manufacturerFlags: status.layout.part("ED_MFG_STATUS") ? status.get("ED_MFG_STATUS") : [], reportsWaiting: waiting }, () => [
      outcome === "completed" ? `${checks.filter(({ state }) => state !== "not applicable").length} checks, ${failed.length} failed` : `procedure 11: ${procedureResults.find((row) => row.code === result)?.meaning ?? `result ${result}`}`,
      ...columns([["", "check", "class", "state", "value", "limit", "detail", "since"], ...checks.map((row) => checkText(row))]),
      ...columns([["flags", flagsSet(status) || "none set"], ...(waiting === null ? [] : [["reports", waiting === 0 ? "none waiting" : `${waiting} waiting to be acknowledged`]])]),
    ]);
    if (!ok) process.exitCode = 1;
  });
}

/** The meter's tables under the definitions of its type; undefined where no device type is known for it. */
async function ownTables(meter: MeterClient): Promise<MeterContext | undefined> {
  await meter.context();
  const model = String((await meter.readTable(1)).get("ED_MODEL")).trim().toLowerCase();
  const type = await deviceTypeOf(model).catch(() => undefined);
  return type && MeterContext.of(type.definitions, new Map(meter.dimensionImages));
}

function checksIn(results: DecodedTable, definitions: Definitions): CheckRow[] {
  const label = (enumeration: string, value: FieldValue | undefined): string => definitions.label(enumeration, Number(value)) ?? String(value);
  return (results.get("RESULTS") as readonly { readonly [field: string]: FieldValue }[]).map((row) => ({
    diagnostic: label("DIAGNOSTIC", row["DIAGNOSTIC"]), class: label("FAILURE_CLASS", row["CLASS"]), state: label("CHECK_STATE", row["STATE"]),
    value: Number(row["VALUE"]), limit: Number(row["LIMIT"]), detail: Number(row["DETAIL"]), since: String(row["SINCE"]),
  }));
}

function checkText(row: CheckRow): string[] {
  const ran = row.state === "passed" || row.state === "failed";
  return [row.state === "failed" ? "✗" : " ", row.diagnostic, row.class, row.state, ...(ran ? [row.value, row.limit, row.detail].map(String) : ["", "", ""]), row.since.replace("T", " ")];
}
