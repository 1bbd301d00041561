import { writeFile } from "node:fs/promises";
import { toHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import {
  type DecodedTable, edlOf, type FieldValue, jsonOf, jsonOfValue, type JsonValue, type Layout, type MeterContext, outOfBounds, placeOf, readableValue, tableNumber, TablesError, textDump, unnamedBits, valueDifferences, writeEdl,
} from "@metersmith/tables";
import { type Command, Option } from "commander";
import { fileFailure } from "../failure.ts";
import { columns, tell } from "../output.ts";
import { type DimensionOptions, dimensionsOf, needContext, readTables, tableNumberOf } from "../table-files.ts";
import { type TableForm, tableForms } from "../table-form.ts";

interface Common extends DimensionOptions {
  readonly json?: boolean;
  readonly table?: string;
  readonly as?: TableForm;
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
    .argument("<file>", "octets (.hex, .bin), EDL (.edl, .xml) or JSON (.json); - is standard input, with --as")
    .addOption(new Option("--edl", "an EDL document").conflicts("json"))
    .addHelpText("after", example("tables decode clock.hex --table 52 --device-type rx-2s"))
    .action(decode);

  withTable(inMeter(command.command("encode")))
    .description("values to octets: from an EDL document or canonical JSON")
    .argument("<file>", "EDL (.edl, .xml) or JSON (.json); - is standard input, with --as")
    .option("--out <file>", "write the octets of the one table here, binary")
    .addHelpText("after", example("tables encode clock.edl --device-type ix-4s"))
    .action(encode);

  withTable(inMeter(command.command("diff")))
    .description("two files table by table and field by field; exit code 1 where they differ")
    .argument("<before>", "octets (.hex, .bin), EDL (.edl, .xml) or JSON (.json); - is standard input, with --as")
    .argument("<after>", "octets (.hex, .bin), EDL (.edl, .xml) or JSON (.json); - is standard input, with --as")
    .addHelpText("after", example("tables diff before.hex after.hex --table 54 --device-type rx-2s"))
    .action(diff);

  withTable(inMeter(command.command("check")))
    .description("whether files read as tables, and what in them is odd: values without a meaning or that may not be written, bits without a name")
    .argument("<file...>", "octets (.hex, .bin), EDL (.edl, .xml) or JSON (.json); - is standard input, with --as")
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
  return command
    .option("--table <number>", "the table that the octets are; of a file of several, the one that is meant")
    .addOption(new Option("--as <form>", "what the file is, where its name does not say it").choices(tableForms));
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
  const { tables } = await readTables(file, dimensions, asked(options));
  if (options.edl) {
    process.stdout.write(writeEdl(edlOf(dimensions.definitions, tables)));
    return;
  }
  tell(options.json, { ok: true, tables: tables.map((table) => ({ table: table.table, name: table.layout.name, value: jsonOf(table) })) }, () =>
    tables.flatMap((table) => textDump(dimensions.definitions, table)),
  );
}

async function encode(file: string, options: Common & { readonly out?: string }): Promise<void> {
  const { tables } = await readTables(file, await dimensionsOf(options), asked(options));
  if (options.out !== undefined) {
    const [only, another] = tables;
    if (!only || another) throw new Failure("misuse", "out", `${file} holds ${tables.length} tables: --out takes one`);
    try {
      await writeFile(options.out, only.bytes);
    } catch (error) {
      throw fileFailure(error, options.out);
    }
  }
  const rows = tables.map(({ table, layout, bytes }) => ({ table, name: layout.name, octets: toHex(bytes) }));
  tell(options.json, { ok: true, out: options.out ?? null, tables: rows }, () => rows.map(({ table, octets }) => (rows.length === 1 ? octets : `${tableNumber(table)}: ${octets}`)));
}

async function diff(beforeFile: string, afterFile: string, options: Common): Promise<void> {
  const dimensions = await dimensionsOf(options);
  const [before, after] = [await readTables(beforeFile, dimensions, asked(options)), await readTables(afterFile, dimensions, asked(options))];
  const found: { table: number; path: string; before: JsonValue | null; after: JsonValue | null; rows: string[] }[] = [];
  const missing = onlyInOne(before.tables, after.tables);
  for (const table of before.tables) {
    const other = after.tables.find((candidate) => candidate.table === table.table);
    if (!other) continue;
    for (const one of valueDifferences(table, other)) {
      const shown = (value: FieldValue | undefined, layout: Layout): string => (value === undefined ? "–" : readableValue(dimensions.definitions, layout.find(one.path) ?? {}, value));
      found.push({
        table: table.table, path: one.path, before: one.before === undefined ? null : jsonOfValue(one.before), after: one.after === undefined ? null : jsonOfValue(one.after),
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
    const { tables } = await readTables(file, dimensions, asked(options));
    for (const table of tables) checked.push({ file, table: table.table, name: table.layout.name, octets: table.bytes.length, findings: findingsIn(table) });
  }
  tell(options.json, { ok: true, tables: checked }, () =>
    checked.flatMap(({ file, table, name, octets, findings }) => [`${file}: ${tableNumber(table)} ${name}, ${octets} octets: ${findings.length === 0 ? "reads" : "reads, but"}`, ...findings.map((finding) => `  ${finding}`)]),
  );
}

/** Octets that mean nothing in their field, numbers that its definition does not allow, and set bits that no field names. */
function findingsIn(table: DecodedTable): string[] {
  const meaningless = table.layout.leaves.flatMap((leaf) => {
    const value = leaf.codec.read(table.bytes, leaf.offset);
    return typeof value === "string" && value.startsWith("raw:") ? [{ offset: leaf.offset, says: `octet ${leaf.offset}, ${leaf.path}: ${value.slice(4)} is no ${leaf.kind} value` }] : [];
  });
  const unnamed = unnamedBits(table.layout, table.bytes).map(({ path, offset, octets, value }) => ({ offset, says: `octet ${offset}, ${path}: bits ${value.toString(2).padStart(8 * octets, "0")} have no name` }));
  const refused = outOfBounds(table.layout, table.bytes).map(({ path, offset, value, allowed }) => ({ offset, says: `octet ${offset}, ${path}: ${value} could not be written, ${allowed} could` }));
  return [...meaningless, ...refused, ...unnamed].sort((a, b) => a.offset - b.offset).map(({ says }) => says);
}

function asked({ table, as: form }: Common): { readonly table?: number | undefined; readonly form?: TableForm | undefined } {
  return { table: table === undefined ? undefined : tableNumberOf(table), form };
}
