import { fromHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import type { ProgramDocument } from "@metersmith/modules/authoring/api/contract.ts";
import { programDocumentOf, rebuild } from "@metersmith/modules/authoring/rules/program-document.ts";
import { buildProgram, expandCalendar, importTariff, type Parameters, parametersFrom } from "@metersmith/programs";
import { type BitChange, changes } from "@metersmith/tables";
import type { Command } from "commander";
import { calendarText } from "../calendar-text.ts";
import { findDeviceType, readJson, readProgram, writeJson } from "../files.ts";
import { columns, tell } from "../output.ts";

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
  const version = Number(options.versionNumber);
  if (!Number.isInteger(version) || version < 1 || version > 65_535) {
    throw new Failure("misuse", "version-number", `--version-number takes a whole number from 1 to 65535, not “${options.versionNumber}”`);
  }
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
  const document = await readProgram(file);
  const deviceType = await findDeviceType(document.deviceType.id);
  const { build: made, parameters } = rebuild(document, deviceType);
  const sameDigest = made.digest === document.build.digest;
  tell(options.json, { ok: true, sameDigest, ...document, ...(options.report ? { report: made.report } : {}) }, () => [
    ...summary(document),
    sameDigest ? "built again here: same digest" : `ALTERED or made by another version: built again here it is ${made.digest}`,
    "",
    ...calendarText(expandCalendar(parameters), yearOf(options.year, parameters), (tier) => parameters.calendar.tiers[tier] ?? `tier ${tier}`),
    "",
    "stays in billing:",
    ...columns(document.staysInBilling.map(({ field, message }) => [`  ${field}`, message])),
    "",
    ...columns([
      ["table", "octets", "", ""],
      ...document.build.writes.map((image) => [`${image.table} ${image.name}`, String(image.bytes.length / 2), "written", maskText(image.mask)]),
      ...document.build.checks.map((image) => [`${image.table} ${image.name}`, String(image.bytes.length / 2), "checked", maskText(image.mask)]),
    ]),
    ...(options.report
      ? ["", ...columns(made.report.map((row) => [row.parameter, `→ ${row.table}.${row.field}`, `octets ${row.offset}+${row.octets}`, row.bytes, row.value]))]
      : []),
  ]);
}

function yearOf(given: string | undefined, parameters: Parameters): number {
  const year = given === undefined ? parameters.calendar.years.first : Number(given);
  if (!Number.isInteger(year) || year < 1970 || year > 2199) throw new Failure("misuse", "year", `--year takes a year like 2026, not “${given}”`);
  return year;
}

function maskText(mask: string): string {
  const bytes = fromHex(mask);
  const octets = bytes.filter((octet) => octet !== 0).length;
  return octets === bytes.length && bytes.every((octet) => octet === 0xff) ? "whole" : `${octets} octets in part`;
}

async function diff(beforeFile: string, afterFile: string, options: Common): Promise<void> {
  const [before, after] = await Promise.all([readProgram(beforeFile), readProgram(afterFile)]);
  if (before.deviceType.id !== after.deviceType.id) {
    throw new Failure("input", "device-types-differ", `${beforeFile} is for ${before.deviceType.id}, ${afterFile} for ${after.deviceType.id}: only programs for one type can be compared`);
  }
  const { context } = await findDeviceType(after.deviceType.id);
  const found: BitChange[] = [];
  for (const image of after.build.writes) {
    const old = before.build.writes.find(({ table }) => table === image.table);
    const current = old ? fromHex(old.bytes) : new Uint8Array(image.bytes.length / 2);
    found.push(...changes(context, current, { table: image.table, bytes: fromHex(image.bytes), mask: fromHex(image.mask) }));
  }
  tell(options.json, { ok: true, equal: found.length === 0, before: before.build.digest, after: after.build.digest, changes: found }, () =>
    found.length === 0
      ? ["no difference"]
      : [
          ...columns([
            ["table", "field", "octet", "before", "after"],
            ...found.map((change) => [String(change.table), change.path, String(change.offset), String(change.before), String(change.after)]),
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
