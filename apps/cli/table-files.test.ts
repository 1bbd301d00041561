import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@metersmith/base/bytes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dimensionsOf, readTables, tableNumberOf, type Dimensions } from "./table-files.ts";
import { formOfFile, octetsOf } from "./table-form.ts";

let folder: string;
let residential: Dimensions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-table-files-"));
  residential = await dimensionsOf({ deviceType: "rx-2s" });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const inFolder = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};

describe("what a file is, its name or the command says, never its content", () => {
  // Seven octets of a clock that are all ASCII digits: year 48 = "0".
  const digits = "0123456";

  test("octets that look like hexadecimal digits stay octets", async () => {
    const image = async (name: string) => readTables(await inFolder(name, `${digits}${"7".repeat(13)}`), residential, { table: 5 });
    expect(toHex((await image("digits.bin")).tables[0]!.bytes)).toBe(toHex(new TextEncoder().encode(`${digits}${"7".repeat(13)}`)));
    await expect(image("digits.hex")).rejects.toThrow("Table 5 (DEVICE_IDENT_TBL) has 10 octets");
  });

  test("octets that look like XML or JSON stay octets", async () => {
    const { tables } = await readTables(await inFolder("markup.bin", '<a>{"b":1}'.padEnd(20)), residential, { table: 5 });
    expect(tables[0]!.get("IDENTIFICATION")).toBe('<a>{"b":1}');
  });

  test("a name that says nothing is asked about, and --as answers", async () => {
    const file = await inFolder("clock", digits);
    await expect(readTables(file, residential, { table: 52 })).rejects.toMatchObject({ kind: "misuse", message: expect.stringContaining("--as hex, --as bin, --as json, --as edl") as unknown });
    expect((await readTables(file, residential, { table: 52, form: "bin" })).tables[0]!.bytes).toHaveLength(7);
    expect(["a.HEX", "b.Bin", "c.xml", "d.edl", "e.json"].map((name) => formOfFile(name))).toEqual(["hex", "bin", "edl", "edl", "json"]);
  });

  test("what is no digit is named with its place", () => {
    expect(() => octetsOf(Buffer.from("00 11\n2x"), "hex", "a.hex")).toThrow("a.hex: “x” after 5 digits is no hexadecimal digit");
    expect(() => octetsOf(Buffer.from("001"), "hex", "a.hex")).toThrow("an odd number of hexadecimal digits");
    expect(() => octetsOf(Buffer.from("{}"), "json", "a.json")).toThrow("octets are needed");
  });
});

describe("refused, naming the file", () => {
  test("a table twice in JSON, as in EDL", async () => {
    const clock = { table: 52, value: { CLOCK_CALENDAR: "2026-11-21T07:05:09" } };
    const json = await inFolder("twice.json", JSON.stringify({ tables: [clock, clock] }));
    await expect(readTables(json, residential, {})).rejects.toThrow("twice.json: Table 52 is there twice.");
    const edl = await inFolder("twice.edl", '<edl xmlns="urn:metersmith:edl:1"><table number="52"/><table number="52"/></edl>');
    await expect(readTables(edl, residential, {})).rejects.toThrow("twice.edl: Table 52 is there twice.");
  });

  test("an image given twice", async () => {
    const file = await inFolder("a.bin", "");
    await expect(dimensionsOf({ deviceType: "rx-2s", image: [`51=${file}`, `51=${file}`] })).rejects.toThrow("--image gives table 51 twice");
  });

  test("more than 8 MiB, before all of it is read", async () => {
    const file = await inFolder("huge.bin", "");
    // A file of holes: 64 GiB that no memory would hold.
    await truncate(file, 64 * 2 ** 30);
    await expect(readTables(file, residential, { table: 52 })).rejects.toThrow("huge.bin: it is larger than 8388608 octets");
    await expect(dimensionsOf({ image: [`0=${file}`] })).rejects.toThrow("larger than");
  });

  test("a folder, nothing, and text that is no UTF-8", async () => {
    await expect(readTables(folder, residential, { table: 52, form: "bin" })).rejects.toThrow("it is a folder");
    await expect(readTables(join(folder, "none.hex"), residential, { table: 52 })).rejects.toThrow("there is no such file");
    const file = await inFolder("latin1.json", Uint8Array.of(0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d));
    await expect(readTables(file, residential, { table: 52 })).rejects.toThrow("latin1.json: it is not text in UTF-8");
  });

  test("no table at all", async () => {
    await expect(readTables(await inFolder("none.json", '{"tables":[]}'), residential, {})).rejects.toThrow("none.json: there is no table in it");
    await expect(readTables(await inFolder("none.edl", '<edl xmlns="urn:metersmith:edl:1"/>'), residential, {})).rejects.toThrow("none.edl: there is no table in it");
  });

  test.each(["1e1", "0x36", " 54", "54.0", "-0", "", "MT", "MT 9999", "4096"])("a table number like %j", (text) => {
    expect(() => tableNumberOf(text)).toThrow("a table is a number from 0 to 4095");
  });

  test("nothing in the place of a value is told as such", async () => {
    await expect(readTables(await inFolder("null.json", "null"), residential, { table: 52 })).rejects.toThrow("expected an object of fields, found null.");
  });

  test("a table that a file of several does not hold", async () => {
    const file = await inFolder("several.json", JSON.stringify({ tables: [{ table: 52, value: {} }, { table: 53, value: {} }] }));
    expect((await readTables(file, residential, { table: 53 })).tables.map(({ table }) => table)).toEqual([53]);
    await expect(readTables(file, residential, { table: 54 })).rejects.toThrow("table 54 is not in it, but 52, 53");
  });

  test.each([
    ["numbers for tables that are none", '{"tables":[{"table":1.5,"value":{}}]}', "unknown-table"],
    ["a negative one", '{"tables":[{"table":-1,"value":{}}]}', "unknown-table"],
    ["no list", '{"tables":{}}', "json"],
    ["entries that are none", '{"tables":[null]}', "table"],
    ["a rounded integer", '{"tables":[{"table":53,"value":{"DST_TIME_AMT":9007199254740993}}]}', "bad-value"],
    ["names that objects inherit", '{"tables":[{"table":53,"value":{"__proto__":1}}]}', "bad-value"],
    ["deep nesting", `{"tables":[{"table":53,"value":${"[".repeat(50_000)}${"]".repeat(50_000)}}]}`, "bad-value"],
    ["half a document", '{"tables":[', "file-unreadable"],
    ["nothing", "", "file-unreadable"],
  ])("JSON with %s", async (_, text, code) => {
    await expect(readTables(await inFolder("odd.json", text), residential, {})).rejects.toMatchObject({ code });
  });
});

test("JSON with table 0 and the dimension tables needs no meter, as EDL does not", async () => {
  const general = { FORMAT_CONTROL_1: { DATA_ORDER: 1, CHAR_FORMAT: 1 }, FORMAT_CONTROL_2: { TM_FORMAT: 4 }, DIM_STD_TBLS_USED: 7, STD_TBLS_USED: [0, 51, 52, 54] };
  // Table 0: 19 octets and two sets of 7. Two recurring dates of 3 octets.
  const tables = [{ table: 54, value: {} }, { table: 51, value: { NBR_RECURR_DATES: 2 } }, { table: 0, value: general }, { table: 52, value: { CLOCK_CALENDAR: "2026-11-21T07:05:09" } }];
  const read = await readTables(await inFolder("alone.json", JSON.stringify({ tables })), await dimensionsOf({}), {});
  expect(read.tables.map(({ table, bytes }) => [table, bytes.length])).toEqual([[0, 33], [51, 9], [52, 5], [54, 6]]);
  // 1,795,244,709 s, high octet first.
  expect(toHex(read.tables[2]!.bytes)).toBe("6b0142a500");
});

test("table 0 is read by what it says of itself, not by the type of meter that is asked about", async () => {
  // One octet of standard tables instead of as many as the type has, high octet first: tables 0 and 1.
  const general = await inFolder("other.hex", "03 0a 88 4d534d54 02 00 18 10 02 00 01 00 00 00 00 00 03 00");
  const { tables } = await readTables(general, residential, { table: 0 });
  expect(tables[0]!.get("STD_TBLS_USED")).toEqual([0, 1]);
});
