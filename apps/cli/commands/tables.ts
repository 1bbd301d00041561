import { writeFile } from "node:fs/promises";
import { toHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import {
  type DecodedTable, edlOf, type FieldValue, jsonOf, type Layout, type MeterContext, placeOf, readableValue, tableNumber, TablesError, textDump, valueDifferences, writeEdl,
} from "@metersmith/tables";
import type { Command } from "commander";
import { columns, tell } from "../output.ts";
import { type DimensionOptions, dimensionsOf, needContext, readTables, tableNumberOf } from "../table-files.ts";

interface Common extends DimensionOptions {
  readonly json?: boolean;
  readonly table?: string;
}

export function addTableCommands(command: Command): void {
  command.description("Tables of a meter: what is in them, octets to values and back, differences.").helpCommand(false);

  inMeter(command.command("describe"))
    .description("the tables of a meter; or of one table every field with its octet, bits, kind, unit")
    .argument("[table]", "number, or MT3 for manufacturer table 3")
    .addHelpText("after", example("tables describe 54 --device-type rx-2s"))
    .action(describe);

  withTable(inMeter(command.command("decode")))
    .description("octets to values: as text, as canonical JSON, as an EDL document")
    .argument("<file>", "octets, hexadecimal or binary; or an EDL or JSON file")
    .option("--edl", "an EDL document")
    .addHelpText("after", example("tables decode clock.hex --table 52 --device-type rx-2s"))
    .action(decode);

  withTable(inMeter(command.command("encode")))
    .description("values to octets: from an EDL document or canonical JSON")
    .argument("<file>", "EDL document, or JSON")
    .option("--out <file>", "write the octets of the one table here, binary")
    .addHelpText("after", example("tables encode clock.edl --device-type ix-4s"))
    .action(encode);

  withTable(inMeter(command.command("diff")))
    .description("two files table by table and field by field; exit code 1 where they differ")
    .argument("<before>", "octets, EDL or JSON")
    .argument("<after>", "octets, EDL or JSON")
    .addHelpText("after", example("tables diff before.hex after.hex --table 54 --device-type rx-2s"))
    .action(diff);

  withTable(inMeter(command.command("check")))
    .description("whether files read as tables, and what in them means nothing: values without a meaning, bits without a name")
    .argument("<file...>", "octets, EDL or JSON")
    .addHelpText("after", example("tables check calendar.edl --device-type rx-2s"))
    .action(check);
}

const example = (text: string): string => `\nExample:\n  npx metersmith ${text}`;

function inMeter(command: Command): Command {
  return command
    .option("--device-type <id>", "a device type, for its definitions, formats and dimensions")
    .option("--image <table=file...>", "the meter's own tables as read: 0=table0.hex 51=table51.hex")
    .option("--json", "one JSON object on one line");
}

function withTable(command: Command): Command {
  return command.option("--table <number>", "the table that the octets are");
}

async function describe(table: string | undefined, options: Common): Promise<void> {
  const dimensions = await dimensionsOf(options);
  const context = needContext(dimensions);
  if (table === undefined) {
    const rows = [...dimensions.definitions.tables.values()]
      .filter(({ number }) => context.has(number))
      .map(({ number, name }) => ({ table: number, name, octets: sizeIn(context, number), writable: context.writable(number) }));
    tell(options.json, { ok: true, tables: rows }, () =>
      columns([["table", "name", "octets", ""], ...rows.map((row) => [tableNumber(row.table), row.name, row.octets === null ? "?" : String(row.octets), row.writable ? "writable" : ""])]),
    );
    return;
  }
  const number = tableNumberOf(table);
  const layout = context.layout(number);
  const fields = layout.leaves.map((leaf) => ({
    path: leaf.path, offset: leaf.offset, width: leaf.width, shift: leaf.shift, bits: leaf.bits, kind: leaf.kind, unit: leaf.unit ?? null, enumeration: leaf.enumeration ?? null,
  }));
  tell(options.json, { ok: true, table: number, name: layout.name, octets: layout.size, dimensions: context.dimensionTables(number), fields }, () => [
    `${tableNumber(number)} ${layout.name}, ${layout.size} octets; its form depends on tables ${context.dimensionTables(number).map(tableNumber).join(", ") || "none"}`,
    ...columns([["octet", "field", "kind", ""], ...layout.leaves.map((leaf) => [placeOf(leaf), leaf.path, `${leaf.kind} ${leaf.bits % 8 === 0 ? `${leaf.width} octets` : `${leaf.bits} bits`}`, leaf.unit ?? leaf.enumeration ?? ""])]),
  ]);
}

/** Null where the dimension tables that are known do not give it. */
function sizeIn(context: MeterContext, number: number): number | null {
  try {
    return context.layout(number).size;
  } catch (error) {
    if (error instanceof TablesError) return null;
    throw error;
  }
}

async function decode(file: string, options: Common & { readonly edl?: boolean }): Promise<void> {
  const dimensions = await dimensionsOf(options);
  const { tables } = await readTables(file, dimensions, askedTable(options));
  if (options.edl) {
    process.stdout.write(writeEdl(edlOf(dimensions.definitions, tables)));
    return;
  }
  tell(options.json, { ok: true, tables: tables.map((table) => ({ table: table.table, name: table.layout.name, value: jsonOf(table) })) }, () =>
    tables.flatMap((table) => textDump(dimensions.definitions, table)),
  );
}

async function encode(file: string, options: Common & { readonly out?: string }): Promise<void> {
  const { tables } = await readTables(file, await dimensionsOf(options), askedTable(options));
  if (options.out !== undefined) {
    const [only, another] = tables;
    if (!only || another) throw new Failure("misuse", "out", `${file} holds ${tables.length} tables: --out takes one`);
    await writeFile(options.out, only.bytes);
  }
  const rows = tables.map(({ table, layout, bytes }) => ({ table, name: layout.name, octets: toHex(bytes) }));
  tell(options.json, { ok: true, out: options.out ?? null, tables: rows }, () => rows.map(({ table, octets }) => (rows.length === 1 ? octets : `${tableNumber(table)}: ${octets}`)));
}

async function diff(beforeFile: string, afterFile: string, options: Common): Promise<void> {
  const dimensions = await dimensionsOf(options);
  const [before, after] = [await readTables(beforeFile, dimensions, askedTable(options)), await readTables(afterFile, dimensions, askedTable(options))];
  const found: { table: number; path: string; before: FieldValue | null; after: FieldValue | null; rows: string[] }[] = [];
  const missing = onlyInOne(before.tables, after.tables);
  for (const table of before.tables) {
    const other = after.tables.find((candidate) => candidate.table === table.table);
    if (!other) continue;
    for (const one of valueDifferences(table, other)) {
      const shown = (value: FieldValue | undefined, layout: Layout): string => (value === undefined ? "–" : readableValue(dimensions.definitions, layout.find(one.path) ?? {}, value));
      found.push({
        table: table.table, path: one.path, before: one.before ?? null, after: one.after ?? null,
        rows: [tableNumber(table.table), one.path, shown(one.before, table.layout), shown(one.after, other.layout)],
      });
    }
  }
  const equal = found.length === 0 && missing.length === 0;
  tell(options.json, { ok: true, equal, differences: found.map(({ rows: _, ...facts }) => facts), onlyInOne: missing }, () =>
    equal ? ["no difference"] : [...columns([["table", "field", "before", "after"], ...found.map(({ rows }) => rows)]), ...missing.map((table) => `table ${tableNumber(table)} is in one of the two only`)],
  );
  if (!equal) process.exitCode = 1;
}

function onlyInOne(before: readonly DecodedTable[], after: readonly DecodedTable[]): number[] {
  const lacks = (tables: readonly DecodedTable[]) => ({ table }: DecodedTable): boolean => !tables.some((other) => other.table === table);
  return [...before.filter(lacks(after)), ...after.filter(lacks(before))].map(({ table }) => table);
}

async function check(files: readonly string[], options: Common): Promise<void> {
  const dimensions = await dimensionsOf(options);
  const checked: { file: string; table: number; name: string; octets: number; findings: string[] }[] = [];
  for (const file of files) {
    const { context, tables } = await readTables(file, dimensions, askedTable(options));
    for (const table of tables) checked.push({ file, table: table.table, name: table.layout.name, octets: table.bytes.length, findings: findingsIn(context, table) });
  }
  tell(options.json, { ok: true, tables: checked }, () =>
    checked.flatMap(({ file, table, name, octets, findings }) => [`${file}: ${tableNumber(table)} ${name}, ${octets} octets: ${findings.length === 0 ? "reads" : "reads, but"}`, ...findings.map((finding) => `  ${finding}`)]),
  );
}

/** Octets that mean nothing in their field, and set bits that no field names: writing the values back would not bring those. */
function findingsIn(context: MeterContext, table: DecodedTable): string[] {
  const findings: string[] = [];
  for (const leaf of table.layout.leaves) {
    const value = leaf.codec.read(table.bytes, leaf.offset);
    if (typeof value === "string" && value.startsWith("raw:")) findings.push(`octet ${leaf.offset}, ${leaf.path}: ${value.slice(4)} is no ${leaf.kind} value`);
  }
  if (table.layout.openEnded) return findings;
  const again = context.encode(table.table, table.tree());
  again.forEach((octet, at) => {
    const rest = (table.bytes[at] ?? 0) ^ octet;
    const named = table.layout.leaves.some((leaf) => leaf.offset <= at && at < leaf.offset + leaf.width && leaf.bits === 8 * leaf.width);
    if (rest !== 0 && !named) findings.push(`octet ${at}: bits ${rest.toString(2).padStart(8, "0")} have no name`);
  });
  return findings;
}

function askedTable({ table }: Common): number | undefined {
  return table === undefined ? undefined : tableNumberOf(table);
}
