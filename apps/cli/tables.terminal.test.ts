import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function metersmith(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, "tables", ...args], (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }));
  });
}

let folder: string;
const inFolder = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-tables-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** 2026-11-21 07:05:09, a Saturday; rx-2s: one octet a part; ix-4s: 1,795,244,709 s = 0x6B0142A5, high octet first. */
const residential = "1a 0b 15 07 05 09 06";
const industrial = "6b0142a506";

test("every command's help shows an example", async () => {
  const commands = ["describe", "decode", "encode", "diff", "check"];
  const helps = await Promise.all(commands.map((command) => metersmith(command, "--help")));
  helps.forEach((help, at) => expect(help).toMatchObject({ code: 0, out: expect.stringContaining(`Example:\n  npx metersmith tables ${commands[at]}`) }));
});

test("describe lists a type's tables, and where every field of one lies", async () => {
  const all = await metersmith("describe", "--device-type", "rx-2s");
  expect(all.out).toMatch(/^54 +CALENDAR_TBL +\d+ +writable$/m);
  const one = await metersmith("describe", "52", "--device-type", "rx-2s");
  expect(one.out).toContain("52 CLOCK_TBL, 7 octets; its form depends on tables 0");
  expect(one.out).toMatch(/^6\.0-2 +TIME_DATE_QUAL\.DAY_OF_WEEK +uint 3 bits +DAY_OF_WEEK$/m);
});

test("[TDL-3] octets of one type become an EDL document, and the document the octets of another type", async () => {
  const clock = await inFolder("clock.hex", residential);
  const { out } = await metersmith("decode", clock, "--table", "52", "--device-type", "rx-2s", "--edl");
  expect(out).toContain('<field name="CLOCK_CALENDAR">2026-11-21T07:05:09</field>');
  const edl = await inFolder("clock.edl", out);
  expect(await metersmith("encode", edl, "--device-type", "ix-4s")).toMatchObject({ code: 0, out: `${industrial}\n` });
  const binary = join(folder, "clock.bin");
  expect(await metersmith("encode", edl, "--device-type", "rx-2s", "--out", binary)).toMatchObject({ code: 0 });
  expect(await readFile(binary)).toEqual(Buffer.from(residential.replaceAll(" ", ""), "hex"));
  expect(await metersmith("decode", binary, "--table", "52", "--device-type", "rx-2s")).toMatchObject({ code: 0, out: expect.stringContaining("6 (Saturday)") });
});

test("canonical JSON goes in where it came out", async () => {
  const clock = await inFolder("clock.hex", residential);
  const { out } = await metersmith("decode", clock, "--table", "52", "--device-type", "rx-2s", "--json");
  expect(JSON.parse(out)).toMatchObject({ ok: true, tables: [{ table: 52, name: "CLOCK_TBL", value: { CLOCK_CALENDAR: "2026-11-21T07:05:09" } }] });
  expect(await metersmith("encode", await inFolder("clock.json", out), "--device-type", "ix-4s")).toMatchObject({ code: 0, out: `${industrial}\n` });
});

test("a meter's own table 0 serves for a device type", async () => {
  // As the hand-made meter of the package's vectors: low octet first, UINT8 times.
  const general = await inFolder("table0.hex", "020a88 4d534d54 02001810 0200 070002000000 eb39e1000016f8 0804 c0304100000060");
  const ran = await metersmith("decode", await inFolder("clock.hex", residential), "--table", "52", "--image", `0=${general}`);
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("2026-11-21T07:05:09") });
});

test("diff names table, field and both values, with exit code 1; equals are silent", async () => {
  const before = await inFolder("before.hex", residential);
  const after = await inFolder("after.hex", "1a 0b 15 07 06 09 0e");
  expect(await metersmith("diff", before, before, "--table", "52", "--device-type", "rx-2s")).toMatchObject({ code: 0, out: "no difference\n" });
  const { code, out } = await metersmith("diff", before, after, "--table", "52", "--device-type", "rx-2s");
  expect(code).toBe(1);
  expect(out).toMatch(/52 +CLOCK_CALENDAR +2026-11-21T07:05:09 +2026-11-21T07:06:09/);
  expect(out).toMatch(/52 +TIME_DATE_QUAL\.DST_FLAG +no +yes/);
});

test("check tells octets without a meaning and bits without a name", async () => {
  // Month 13; table 3 with bit 15 of its status, which no field has.
  const clock = await metersmith("check", await inFolder("odd.hex", "1a 0d 15 07 05 09 06"), "--table", "52", "--device-type", "rx-2s");
  expect(clock).toMatchObject({ code: 0, out: expect.stringContaining("octet 0, CLOCK_CALENDAR: 1a0d15070509 is no date-time value") });
  const image = await metersmith("encode", await inFolder("mode.json", "{}"), "--table", "3", "--device-type", "rx-2s");
  const odd = `${image.out.slice(0, 4)}80${image.out.trim().slice(6)}`;
  expect((await metersmith("check", await inFolder("mode.hex", odd), "--table", "3", "--device-type", "rx-2s")).out).toContain("octet 1, ED_STD_STATUS1: bits 1000000000000000 have no name");
});

test("check tells numbers that could not be written", async () => {
  const described = JSON.parse((await metersmith("describe", "--device-type", "gx-1", "--json")).out) as { tables: { table: number; octets: number }[] };
  const reports = await Promise.all(described.tables.filter(({ table }) => table >= 2048).map(async ({ table, octets }) =>
    metersmith("check", await inFolder(`zero-${table}.bin`, new Uint8Array(octets)), "--table", String(table), "--device-type", "gx-1")));
  expect(reports.map(({ code }) => code)).toEqual(reports.map(() => 0));
  expect(reports.map(({ out }) => out).join("")).toContain("PULSES_PER_CUBIC_FOOT: 0 could not be written, from 1 to 65535 could");
});

test("what the reader of XML refuses names the file once", async () => {
  const file = await inFolder("none.edl", "<edl/>");
  expect((await metersmith("decode", file, "--device-type", "rx-2s")).err).toBe(`${file}: the root must be <edl xmlns="urn:metersmith:edl:1">.\n`);
});

test("- is standard input", async () => {
  const clock = await inFolder("clock.hex", residential);
  const shell = (command: string): Promise<string> => new Promise((resolve) => {
    execFile("/bin/sh", ["-c", command, "sh", process.execPath, main, clock], (_error, out) => resolve(out));
  });
  expect(await shell('cat "$3" | "$1" "$2" tables decode - --as hex --table 52 --device-type rx-2s')).toContain("2026-11-21T07:05:09");
});

test.each([
  ["no dimensions", ["describe", "54"], 2, "--device-type"],
  ["a table that is none", ["describe", "5000", "--device-type", "rx-2s"], 2, "0 to 4095"],
  ["octets of which table", ["decode", "FILE", "--device-type", "rx-2s"], 2, "--table"],
  ["two forms at once", ["decode", "FILE", "--table", "52", "--device-type", "rx-2s", "--edl", "--json"], 2, ""],
  ["too few octets", ["decode", "FILE", "--table", "54", "--device-type", "rx-2s"], 4, "Table 54 (CALENDAR_TBL) has 7 octets; its dimensions in this meter give"],
  ["a value that a field does not hold", ["encode", "WRONG", "--table", "53", "--device-type", "rx-2s"], 3, "DST_TIME_AMT, octet 3: expected a whole number from 0 to 255, found 256"],
])("%s: one line that says what to do, and the exit code", async (_what, args, code, message) => {
  const file = await inFolder("clock.hex", residential);
  const wrong = await inFolder("wrong.json", '{"DST_TIME_AMT":256}');
  const ran = await metersmith(...args.map((argument) => (argument === "FILE" ? file : argument === "WRONG" ? wrong : argument)));
  expect(ran.code).toBe(code);
  expect(ran.err).toContain(message);
  expect(ran.err).not.toMatch(/^\s+at /m);
});
