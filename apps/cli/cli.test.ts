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
    execFile(process.execPath, [main, ...args], { env: { ...process.env, ...environment } }, (error, out, err) =>
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

test("program show tells a document whose images were altered", async () => {
  const document = JSON.parse(await readFile(program, "utf8")) as { build: { digest: string } };
  const altered = join(folder, "altered.json");
  await writeFile(altered, JSON.stringify({ ...document, build: { ...document.build, digest: `sha256:${"0".repeat(64)}` } }));
  expect((await metersmith(["program", "show", altered])).out).toContain("ALTERED");
  const refused = await metersmith(["meter", "program", meter.registration.address, altered], secret);
  expect(refused).toMatchObject({ code: 3, err: expect.stringContaining("does not build here to its own digest") });
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
  ["an unknown device type", ["program", "build", join(examples, "aps-et-2-tou.json"), "--answers", join(examples, "aps-et-2-tou.answers.json"), "--device-type", "nope"], 3, "There is no device type nope"],
  ["an unknown option", ["program", "show", "x.json", "--frobnicate"], 2, "--frobnicate"],
  ["an address of another kind", ["meter", "read", "http://meter"], 2, "tcp:host:port"],
  ["no password", ["meter", "read", "tcp:127.0.0.1:9"], 2, "--password-file"],
])("%s: one line that says what to do, the exit code, no stack", async (_what, args, code, message) => {
  const ran = await metersmith(args, { METERSMITH_METER_PASSWORD: "" });
  expect(ran.code).toBe(code);
  expect(ran.err).toContain(message);
  expect(ran.err).not.toMatch(/^\s+at /m);
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
