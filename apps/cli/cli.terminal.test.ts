import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MeterUnderTest, meterUnderTest } from "@metersmith/modules/testing/meter-under-test.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const examples = fileURLToPath(new URL("../../examples/tariffs/", import.meta.url));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function metersmith(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled"), ...environment } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

const buildArguments = (tariff: string, deviceType: string, out: string): string[] => [
  "program", "build", join(examples, `${tariff}.json`), "--answers", join(examples, `${tariff}.answers.json`), "--device-type", deviceType, "--out", out,
];

let folder: string;
let program: string;
let meter: MeterUnderTest;
const secret = { METERSMITH_METER_PASSWORD: "" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-cli-"));
  program = join(folder, "et2.json");
  meter = await meterUnderTest("rx-2s", "CLI1");
  secret.METERSMITH_METER_PASSWORD = meter.registration.programmingPassword;
  expect(await metersmith(buildArguments("aps-et-2-tou", "rx-2s", program))).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await meter.stop();
  await rm(folder, { recursive: true });
});

test("every command's help shows an example", async () => {
  for (const command of [["program", "build"], ["program", "show"], ["program", "diff"], ["meter", "read"], ["meter", "program"]]) {
    const { code, out } = await metersmith([...command, "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`Example:\n  npx metersmith ${command.join(" ")}`);
  }
});

test("[BLD-2] program show pictures the calendar and says what stays in billing", async () => {
  const { code, out } = await metersmith(["program", "show", program]);
  expect(code).toBe(0);
  expect(out).toContain("Jul ············▒▒▒▒▒▒▒·····  ························");
  expect(out).toMatch(/stays in billing:[\s\S]*fixedchargefirstmeter/);
  expect(out).toContain("built again here: same digest");
});

interface Document {
  readonly deviceType: { readonly id: string; readonly digest: string };
  readonly build: { readonly digest: string; readonly writes: readonly { readonly table: number; readonly bytes: string }[] };
}

/** The program's document with a change in it that the digest inside does not know of. */
async function altered(name: string, change: (document: Document) => object): Promise<string> {
  const document = JSON.parse(await readFile(program, "utf8")) as Document;
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify({ ...document, ...change(document) }));
  return file;
}

test("a document whose images were altered is said to be, shown as it builds here, neither compared nor written to a meter", async () => {
  const reason = "build is not what its parameters build to here";
  const file = await altered("image", ({ build }) => ({ build: { ...build, writes: build.writes.map((image) => ({ ...image, bytes: image.bytes.replace(/.$/, "f") })) } }));
  const shown = await metersmith(["program", "show", file, "--json"]);
  expect(shown.code).toBe(3);
  const { build } = JSON.parse(await readFile(program, "utf8")) as Document;
  expect(JSON.parse(shown.out)).toMatchObject({ ok: false, alterations: [reason, "its content is not that of its digest"], build });
  expect((await metersmith(["program", "show", file])).out).toMatch(new RegExp(`ALTERED[\\s\\S]*${reason}`));
  for (const command of [["program", "diff", program, file], ["meter", "program", meter.registration.address, file]]) {
    expect(await metersmith(command, secret)).toMatchObject({ code: 3, out: "", err: expect.stringContaining(reason) });
  }
});

test("so is one of which only a note for people was altered", async () => {
  const file = await altered("note", () => ({ staysInBilling: [] }));
  expect(await metersmith(["program", "show", file])).toMatchObject({ code: 3, out: expect.stringContaining("its content is not that of its digest") });
});

test("a document built for another state of its device type is not compared", async () => {
  const file = await altered("other-state", ({ deviceType }) => ({ deviceType: { ...deviceType, digest: `sha256:${"0".repeat(64)}` } }));
  expect(await metersmith(["program", "diff", program, file])).toMatchObject({ code: 3, err: expect.stringContaining("two states of rx-2s") });
});

test("the device type of a document is an id, never a path", async () => {
  const types = fileURLToPath(new URL("../../device-types", import.meta.url));
  const file = await altered("path", ({ deviceType }) => ({ deviceType: { ...deviceType, id: join(types, "rx-2s") } }));
  expect(await metersmith(["program", "show", file])).toMatchObject({ code: 3, err: expect.stringContaining("There is no device type") });
});

test("what would act on a terminal is written out, whoever wrote it", async () => {
  for (const args of [["program", "show", "/nowhere/\u009b2J", "--json"], ["program", "show", "x.json", "--\u001b[2J"]]) {
    const { out, err } = await metersmith(args);
    expect(out + err).toMatch(/\\u00[19]b/);
    expect((out + err).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  }
});

test("program diff is silent about equals and names table and field of what differs, with exit code 1", async () => {
  const second = join(folder, "et2-v2.json");
  expect(await metersmith([...buildArguments("aps-et-2-tou", "rx-2s", second), "--version-number", "2"])).toMatchObject({ code: 0 });
  expect(await metersmith(["program", "diff", program, program])).toMatchObject({ code: 0, out: "no difference\n" });
  const { code, out } = await metersmith(["program", "diff", program, second, "--json"]);
  expect(code).toBe(1);
  const { changes } = JSON.parse(out) as { changes: { table: number; path: string }[] };
  expect(changes.map(({ table, path }) => `${table}.${path}`)).toEqual(["6.EX1_SW_REVISION", "6.MISC_ID"]);
});

test("[ACC-1] a meter is read, programmed, verified, and found unchanged by a second programming", async () => {
  const { address } = meter.registration;
  const before = await metersmith(["meter", "read", address], secret);
  expect(before.out).toMatch(/meter\s+CLI1[\s\S]*UNPROGRAMMED/);
  const first = await metersmith(["meter", "program", address, program, "--json"], secret);
  expect(first).toMatchObject({ code: 0 });
  expect(JSON.parse(first.out)).toMatchObject({ ok: true, outcome: "verified" });
  const second = await metersmith(["meter", "program", address, program, "--json"], secret);
  expect(JSON.parse(second.out)).toMatchObject({ outcome: "verified", changes: [], written: [] });
  const after = await metersmith(["meter", "read", address], secret);
  expect(after.out).toContain("Jul ············▒▒▒▒▒▒▒·····  ························");
  expect(after.out).not.toContain("UNPROGRAMMED");
});

test("single tables are printed field by field", async () => {
  const { out } = await metersmith(["meter", "read", meter.registration.address, "--table", "1", "51"], secret);
  expect(out).toMatch(/table 1 GENERAL_MFG_ID_TBL, 32 octets[\s\S]*ED_MODEL +RX-2S/);
  expect(out).toMatch(/table 51 ACT_TIME_TOU_TBL, 9 octets[\s\S]*NBR_TIER_SWITCHES +40/);
});

test("a role that may not change a field is refused before anything is written", async () => {
  const fresh = await meterUnderTest("rx-2s", "CLI2");
  const { code, out } = await metersmith(["meter", "program", fresh.registration.address, program, "--role", "field-technician", "--json"], secret);
  await fresh.stop();
  expect(code).toBe(5);
  expect(JSON.parse(out)).toMatchObject({ ok: false, outcome: "refused", written: [] });
});

test("--trace prints frames and services, never passwords", async () => {
  const { err } = await metersmith(["meter", "read", meter.registration.address, "--table", "1", "--trace"], secret);
  expect(err.split("\n").length).toBeGreaterThan(10);
  expect(err.toLowerCase()).not.toContain(secret.METERSMITH_METER_PASSWORD);
});

test.each([
  ["no such file", ["program", "show", "/nowhere/et2.json"], 3, "/nowhere/et2.json: there is no such file"],
  ["a file that is no program", ["program", "show", join(examples, "aps-et-2-tou.json")], 3, "format"],
  ["an unknown device type", ["program", "build", join(examples, "aps-et-2-tou.json"), "--answers", join(examples, "aps-et-2-tou.answers.json"), "--device-type", "nope"], 3, "There is no device type “nope”"],
  ["an unknown option", ["program", "show", "x.json", "--frobnicate"], 2, "--frobnicate"],
  ["an address of another kind", ["meter", "read", "http://meter"], 2, "tcp:host:port"],
  ["an empty device type", ["program", "build", join(examples, "aps-et-2-tou.json"), "--answers", "x", "--device-type", ""], 3, "There is no device type “”"],
  ["a folder instead of a program", ["program", "show", examples], 3, `${examples}: it is a folder`],
  ["a password file that is a folder", ["meter", "read", "tcp:127.0.0.1:9", "--password-file", examples], 3, `${examples}: it is a folder`],
  ["no password", ["meter", "read", "tcp:127.0.0.1:9"], 2, "--password-file"],
])("%s: one line that says what to do, the exit code, no stack", async (_what, args, code, message) => {
  const ran = await metersmith(args, { METERSMITH_METER_PASSWORD: "" });
  expect(ran.code).toBe(code);
  expect(ran.err).toContain(message);
  expect(ran.err).not.toMatch(/^\s+at /m);
});

test.each([
  [["program", "--json"], "unknown option '--json'"],
  [["program", "show", "x.json", "--frobnicate", "--json"], "unknown option '--frobnicate'"],
  [["program", "show", "x.json", "y.json", "--json"], "too many arguments"],
])("metersmith %j: a wrong command line is one line of JSON too, and nothing else", async (args, message) => {
  const { code, out, err } = await metersmith(args);
  expect([code, err, out.indexOf("\n")]).toEqual([2, "", out.length - 1]);
  expect(JSON.parse(out)).toMatchObject({ ok: false, kind: "misuse", message: expect.stringContaining(message) });
});

test("options are held against their limits with --json as well", async () => {
  const { code, out } = await metersmith(["program", "show", program, "--json", "--year", "abc"]);
  expect([code, JSON.parse(out)]).toEqual([2, expect.objectContaining({ ok: false, code: "year" })]);
});

test("a missing folder for --out is named", async () => {
  const out = join(folder, "nowhere", "et2.json");
  expect(await metersmith(buildArguments("aps-et-2-tou", "rx-2s", out))).toMatchObject({ code: 3, err: `${out}: the folder that it is to be in does not exist\n` });
});

test("a reader that goes away ends it in silence; a full disk is explained", async () => {
  const shell = (line: string): Promise<Ran> =>
    new Promise((resolve) => {
      execFile("bash", ["-c", line, process.execPath, main, program], (error, out, err) => resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }));
    });
  expect(await shell('"$0" "$1" program show --report "$2" | head -c 1; exit ${PIPESTATUS[0]}')).toMatchObject({ code: 0, err: "" });
  expect(await shell('"$0" "$1" program show "$2" > /dev/full')).toMatchObject({ code: 3, err: "standard output: the disk is full\n" });
});

test("nobody at the address: the address is in the message, as JSON where asked", async () => {
  const ran = await metersmith(["meter", "read", "tcp:127.0.0.1:9", "--json"], { METERSMITH_METER_PASSWORD: "x" });
  expect(ran.code).toBe(6);
  expect(JSON.parse(ran.out)).toMatchObject({ ok: false, kind: "link", message: expect.stringContaining("127.0.0.1") });
});

test("a wrong password: said so, exit code of a refusal", async () => {
  const ran = await metersmith(["meter", "read", meter.registration.address], { METERSMITH_METER_PASSWORD: "wrong" });
  expect(ran).toMatchObject({ code: 5, err: expect.stringMatching(/password/i) });
});
