import { exitCodes, Failure } from "@metersmith/base/errors";
import type { ProgramDocument } from "@metersmith/modules/authoring/api/contract.ts";
import { programDocumentOf, verifyDocument } from "@metersmith/modules/authoring/rules/program-document.ts";
import { type Build, buildProgram, calendarEnd, expandCalendar, importTariff, type Parameters, parametersFrom } from "@metersmith/programs";
import { valueText } from "@metersmith/modules/ledger/rules/session-report.ts";
import type { FieldValue } from "@metersmith/tables";
import type { Command } from "commander";
import { calendarText } from "../calendar-text.ts";
import { deviceTypeOf, findDeviceType, readJson, readProgram, writeJson } from "../files.ts";
import { columns, tell } from "../output.ts";
import { programDifferences } from "../program-difference.ts";
import { unaltered } from "../unaltered-program.ts";
import { wholeNumber } from "../whole-number.ts";

interface Common {
  readonly json?: boolean;
}

export function addProgramCommands(command: Command): void {
  command.description("Programs: from a tariff to the bits of a type of meter.").helpCommand(false);

  command
    .command("build")
    .description("build a program for a type of meter from a tariff (OpenEI URDB JSON) and answers to what the tariff does not say")
    .argument("<tariff>", "file with the rate")
    .requiredOption("--answers <file>", "file with the answers (zone, clock, holidays, years, …)")
    .requiredOption("--device-type <id>", "a device type's id, or its folder")
    .option("--version-number <n>", "the program's version, 1 to 65535", "1")
    .option("--out <file>", "write the program document here")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("program build examples/tariffs/aps-et-2-tou.json --answers examples/tariffs/aps-et-2-tou.answers.json --device-type rx-2s --out et2.json"))
    .action(build);

  command
    .command("show")
    .description("show a program: its calendar as a picture, what stays in billing, the tables it writes and checks")
    .argument("<program>", "file that program build wrote")
    .option("--report", "also which parameter became which octets")
    .option("--year <year>", "the year that the picture shows")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("program show et2.json --report"))
    .action(show);

  command
    .command("diff")
    .description("compare two programs for one type of meter, field by field and bit by bit; exit code 1 where they differ")
    .argument("<before>", "a program document")
    .argument("<after>", "another one")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("program diff et2-v1.json et2-v2.json"))
    .action(diff);
}

const example = (text: string): string => `\nExample:\n  npx metersmith ${text}`;

interface BuildOptions extends Common {
  readonly answers: string;
  readonly deviceType: string;
  readonly versionNumber: string;
  readonly out?: string;
}

async function build(tariffFile: string, options: BuildOptions): Promise<void> {
  const version = wholeNumber("version-number", options.versionNumber, 1, 65_535);
  const deviceType = await findDeviceType(options.deviceType);
  const tariff = importTariff(await readJson(tariffFile), tariffFile);
  const parameters = parametersFrom(tariff, await readJson(options.answers), { version, answersFile: options.answers });
  const made = buildProgram(deviceType, parameters);
  const document = programDocumentOf(made, parameters, tariff);
  if (options.out !== undefined) await writeJson(options.out, document);
  tell(options.json, { ok: true, out: options.out ?? null, ...document }, () => [
    ...summary(document),
    ...document.warnings.map(({ field, message }) => `warning: ${field}: ${message}`),
    ...(options.out === undefined ? ["(not written: add --out FILE)"] : [`written to ${options.out}; see it with: npx metersmith program show ${options.out}`]),
  ]);
}

async function show(file: string, options: Common & { readonly report?: boolean; readonly year?: string }): Promise<void> {
  const given = await readProgram(file);
  const { build: made, parameters, alterations } = verifyDocument(given, await deviceTypeOf(given.deviceType.id));
  // What is shown is what the parameters build to, which is what a meter would be given; only the notes are the document's own.
  const document = documentAgain(given, made, parameters);
  const year = options.year === undefined ? parameters.calendar.years.first : wholeNumber("year", options.year, 1970, 2199);
  const end = calendarEnd(expandCalendar(parameters), new Date().toISOString().slice(0, 10));
  const altered = alterations.length > 0;
  tell(options.json, { ok: !altered, alterations, calendarEnd: end, ...document, ...(options.report ? { report: made.report } : {}) }, () => [
    ...summary(document),
    ...(altered ? [`ALTERED, or made by another version: ${file}`, ...alterations.map((one) => `  ${one}`)] : ["built again here: same digest"]),
    "",
    ...calendarText(expandCalendar(parameters), year, (tier) => parameters.calendar.tiers[tier] ?? `tier ${tier}`),
    ...(end === null ? [] : [`the calendar ends on ${end.endsOn}${end.advice === "" ? "" : `. ${end.advice}`}`]),
    "",
    "stays in billing:",
    ...columns(document.staysInBilling.map(({ field, message }) => [`  ${field}`, message])),
    "",
    ...columns([
      ["table", "octets", "", ""],
      ...made.writes.map((image) => [`${image.table} ${image.name}`, String(image.bytes.length), "written", maskText(image.mask)]),
      ...made.checks.map((image) => [`${image.table} ${image.name}`, String(image.bytes.length), "checked", maskText(image.mask)]),
    ]),
    ...(options.report
      ? ["", ...columns(made.report.map((row) => [row.parameter, `→ ${row.table}.${row.field}`, `octets ${row.offset}+${row.octets}`, row.bytes, row.value]))]
      : []),
  ]);
  if (altered) process.exitCode = exitCodes.input;
}

function documentAgain({ staysInBilling, warnings }: ProgramDocument, made: Build, parameters: Parameters): ProgramDocument {
  return programDocumentOf(made, parameters, {
    staysInBilling: staysInBilling.map(({ field, message }) => ({ field, what: message })),
    findings: warnings.map((note) => ({ severity: "warning", ...note })),
  });
}

function maskText(mask: Uint8Array): string {
  const octets = mask.filter((octet) => octet !== 0).length;
  return octets === mask.length && mask.every((octet) => octet === 0xff) ? "whole" : `${octets} octets in part`;
}

async function diff(beforeFile: string, afterFile: string, options: Common): Promise<void> {
  const [before, after] = await Promise.all([readProgram(beforeFile), readProgram(afterFile)]);
  if (before.deviceType.id !== after.deviceType.id) {
    throw new Failure("input", "device-types-differ", `${beforeFile} is for ${before.deviceType.id}, ${afterFile} for ${after.deviceType.id}: only programs for one type can be compared`);
  }
  if (before.deviceType.digest !== after.deviceType.digest) {
    throw new Failure("input", "device-types-differ", `${beforeFile} and ${afterFile} were built for two states of ${after.deviceType.id} (${before.deviceType.version} ${before.deviceType.digest}, ${after.deviceType.version} ${after.deviceType.digest}): build both for one`);
  }
  const deviceType = await deviceTypeOf(after.deviceType.id);
  const [old, made] = [unaltered(before, deviceType, beforeFile), unaltered(after, deviceType, afterFile)];
  const found = programDifferences(deviceType.context, old, made);
  const shown = (value: FieldValue | null): string => (value === null ? "(left as it is)" : valueText(value));
  tell(options.json, { ok: true, equal: found.length === 0, before: old.digest, after: made.digest, changes: found }, () =>
    found.length === 0
      ? ["no difference"]
      : [
          ...columns([
            ["", "table", "field", "octet", "before", "after"],
            ...found.map((one) => [one.part, String(one.table), one.path, String(one.offset), shown(one.before), shown(one.after)]),
          ]),
          `${found.length} fields differ`,
        ],
  );
  if (found.length > 0) process.exitCode = 1;
}

function summary({ code, version, name, deviceType, tariff, build: made }: ProgramDocument): string[] {
  return columns([
    ["program", `${code} v${version}  ${name}`],
    ["tariff", `${tariff.name}, ${tariff.utility} (${tariff.file})`],
    ["for", `${deviceType.id} ${deviceType.version}`],
    ["writes", made.writes.map(({ table }) => table).join(", ")],
    ["checks", made.checks.map(({ table }) => table).join(", ")],
    ["digest", made.digest],
  ]);
}
