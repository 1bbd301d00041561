import { exitCodes } from "@metersmith/base/errors";
import { programMeter, type ProgramReport, programSteps } from "@metersmith/client";
import { evidenceOf, reasonOf, valueText } from "@metersmith/modules/ledger/rules/session-report.ts";
import { meterAddressForms } from "@metersmith/node/meter-address";
import { systemClock } from "@metersmith/node/system-clock";
import { type DeviceType, parametersFromImages, programPlan } from "@metersmith/programs";
import type { DecodedTable, FieldValue } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import { type Command, Option } from "commander";
import { calendarText } from "../calendar-text.ts";
import { deviceTypeOf, findDeviceType, readProgram } from "../files.ts";
import { type ConnectionOptions, withMeter } from "../meter-connection.ts";
import { columns, tell } from "../output.ts";
import { unaltered } from "../unaltered-program.ts";
import { wholeNumber } from "../whole-number.ts";

export function addMeterCommands(command: Command): void {
  command.description("One meter, over C12.18 or C12.22: read it, program it.").helpCommand(false);

  connecting(command.command("read"))
    .description("read a meter: who it is, its state, its calendar as a picture; or single tables in full")
    .option("--table <number...>", "these tables instead (2048 + n for the manufacturer's table n)")
    .option("--device-type <id>", "the type, for its own tables and the calendar's picture; found by the meter's identity where not given")
    .addHelpText("after", example("meter read tcp:127.20.0.1:1153 --password-file meter.password --table 54", "meter read RX260001", "meter read c1222:RX260001?transport=udp"))
    .action(read);

  connecting(command.command("program"))
    .description("compare a meter with a program bit by bit, write what differs, read back, verify")
    .argument("<program>", "file that program build wrote")
    .addOption(new Option("--role <role>", "the access policy's role that decides what may change").default("meter-shop"))
    .addHelpText("after", example("meter program tcp:127.20.0.1:1153 et2.json --password-file meter.password"))
    .action(program);
}

export const example = (...texts: string[]): string => `\nExample:\n${texts.map((text) => `  npx metersmith ${text}`).join("\n")}`;

export function connecting(command: Command): Command {
  return command
    .argument("<meter>", `${meterAddressForms}; or the serial number of a meter of the demonstration street, or c1222: and that`)
    .option("--password-file <file>", "file with the password (text, or 40 hexadecimal digits); else METERSMITH_METER_PASSWORD")
    .option("--user <name>", "who logs on, 10 characters at most", "metersmith")
    .option("--user-id <number>", "0 to 65535", "2")
    .option("--key-file <file>", "file with the C12.22 key (32 hexadecimal digits), for addresses with mode=1 or mode=2")
    .option("--home <folder>", "of meters run: look the serial number up there")
    .option("--trace", "print every frame, decoded, on standard error")
    .option("--json", "one JSON object on one line");
}

export interface Common extends ConnectionOptions {
  readonly json?: boolean;
}

const CALENDAR_TABLES = [53, 54];

async function read(address: string, options: Common & { readonly table?: string[]; readonly deviceType?: string }): Promise<void> {
  const given = options.deviceType === undefined ? undefined : await findDeviceType(options.deviceType);
  const numbers = options.table?.map((text) => wholeNumber("table", text, 0, 4095));
  await withMeter(address, given?.definitions ?? standardDefinitions, options, async (meter, stopping) => {
    if (numbers) {
      const tables: DecodedTable[] = [];
      for (const number of numbers) tables.push(await meter.readTable(number, stopping));
      tell(options.json, { ok: true, tables: tables.map(({ table, layout, bytes, ...rest }) => ({ table, name: layout.name, bytes, ...rest })) }, () =>
        tables.flatMap((table) => tableText(table)),
      );
      return;
    }
    const context = await meter.context(stopping);
    const identity = await meter.readTable(1, stopping);
    const model = identity.text("ED_MODEL");
    const type = given ?? (await deviceTypeOf(model.toLowerCase()).catch(() => undefined));
    const [mode, info, clock, state] = [await meter.readTable(3, stopping), await meter.readTable(6, stopping), await meter.readTable(52, stopping), await meter.readTable(55, stopping)];
    const images = new Map<number, Uint8Array>();
    if (type) for (const table of CALENDAR_TABLES) if (context.has(table)) images.set(table, await meter.readImage(table, stopping));
    const calendar = type && parametersFromImages(type, images).calendar;
    const facts = { identity, mode, info, clock, state };
    tell(options.json, { ok: true, ...Object.fromEntries(Object.entries(facts).map(([name, table]) => [name, table.tree()])), calendar: calendar ?? null }, () => [
      ...columns([
        ["meter", `${identity.text("MFG_SERIAL_NUMBER")}  ${identity.text("MANUFACTURER")} ${model}`],
        ["program", `${info.text("TARIFF_ID") || "none"}  build mark ${info.text("MISC_ID") || "none"}`],
        ["flags", flagsSet(mode) || "none set"],
        ["clock", String(clock.get("CLOCK_CALENDAR")).replace("T", " ")],
        ["state", stateText(state)],
      ]),
      ...(calendar && calendar.seasons.length > 0
        ? ["", ...calendarText(calendar, new Date().getFullYear(), (tier) => `tier ${tier}`)]
        : ["", type ? "no calendar in it" : "add --device-type to see its calendar"]),
    ]);
  });
}

function tableText(table: DecodedTable): string[] {
  const rows = table.layout.leaves.map((leaf) => [`${leaf.offset}`, leaf.path, valueText(table.get(leaf.path))]);
  return [`table ${table.table} ${table.layout.name}, ${table.bytes.length} octets`, ...columns(rows).map((row) => `  ${row}`)];
}

export function flagsSet(mode: DecodedTable): string {
  return mode.layout
    .under("ED_STD_STATUS1")
    .filter((leaf) => leaf.bits === 1 && isSet(mode.get(leaf.path)))
    .map((leaf) => leaf.path.replace(/^.*\./, ""))
    .join(", ");
}

const isSet = (value: FieldValue): boolean => value === 1 || value === true;

function stateText(state: DecodedTable): string {
  return state.layout
    .under("STATUS")
    .map((leaf) => `${leaf.path.replace(/^.*\./, "").toLowerCase().replaceAll("_", " ")} ${valueText(state.get(leaf.path))}`)
    .join(", ");
}

async function program(address: string, file: string, options: Common & { readonly role: string }): Promise<void> {
  const document = await readProgram(file);
  const deviceType = await deviceTypeOf(document.deviceType.id);
  const plan = programPlan(unaltered(document, deviceType, file), deviceType, options.role);
  const report = await withMeter(address, deviceType.definitions, options, (meter, stopping) =>
    programMeter(meter, plan, { clock: systemClock }, { ...stopping, ...(options.json ? {} : { onProgress: progressLine() }) }),
  );
  if (!options.json) process.stderr.write("\n");
  tell(options.json, { ok: report.outcome === "verified", outcome: report.outcome, reason: reasonOf(report), ...evidenceOf(report), steps: report.steps }, () =>
    reportText(report, deviceType),
  );
  process.exitCode = report.outcome === "verified" ? 0 : exitCodes[report.failure?.kind ?? "peer-refused"];
}

function progressLine(): (progress: { readonly step: string; readonly done: number; readonly total: number }) => void {
  let last = "";
  return ({ step, done, total }) => {
    const at = programSteps.findIndex((one) => one === step) + 1;
    const line = `${at}/${programSteps.length} ${step} ${done}/${total}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : step === last ? "" : `${line}\n`);
    last = step;
  };
}

function reportText(report: ProgramReport, { id }: DeviceType): string[] {
  const { changes, written, liveState } = evidenceOf(report);
  const octets = written.reduce((sum, range) => sum + range.octets, 0);
  return [
    `${report.outcome}: ${id}, ${changes.length} fields differed, ${octets} octets written in ${written.length} pieces`,
    ...columns(liveState.map(({ name, value, ok }) => [ok ? " " : "✗", name, value])),
    ...(report.outcome === "verified" ? [] : [reasonOf(report) ?? ""]),
  ];
}
