import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MeterUnderTest, meterUnderTest } from "@metersmith/modules/testing/meter-under-test.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

let folder: string;
let meter: MeterUnderTest;
let address: string;

function metersmith(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { ...process.env, METERSMITH_METER_PASSWORD: meter.registration.programmingPassword } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-visit-"));
  meter = await meterUnderTest("rx-2s", "VISIT1");
  ({ address } = meter.registration);
});
afterAll(async () => {
  await meter.stop();
  await rm(folder, { recursive: true });
});

test("[MFG-8] a visit tells what is new and keeps its position; the next one brings what came since; acknowledging takes the position", async () => {
  const since = join(folder, "position.json");
  const first = await metersmith("meter", "visit", address, "--since", since);
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/meter +MSMT RX-2S VISIT1[\s\S]*events +1 new[\s\S]*power up/) });
  const again = JSON.parse((await metersmith("meter", "visit", address, "--since", since, "--json")).out) as object;
  expect(again).toMatchObject({ ok: true, events: { events: [], lost: 0 }, tables: { 23: expect.anything() as unknown } });
  meter.restart();
  const third = JSON.parse((await metersmith("meter", "visit", address, "--since", since, "--json")).out) as object;
  expect(third).toMatchObject({ events: { events: [{ number: 2, name: "power up" }] } });
  expect(await metersmith("meter", "acknowledge", address, "--since", since)).toMatchObject({ code: 0, out: expect.stringContaining("2 events and 0 blocks") });
});

test("a download writes every table, names the refused ones, and goes on from what an interrupted one left", async () => {
  const out = join(folder, "meter.json");
  const whole = await metersmith("meter", "download", address, "--out", out, "--json");
  expect(JSON.parse(whole.out)).toMatchObject({ ok: true, refused: [{ table: 42, code: "isc" }, { table: 2061, code: "isc" }] });
  const { tables } = JSON.parse(await readFile(out, "utf8")) as { tables: { table: number; name: string; octets: string }[] };
  expect(tables.find(({ table }) => table === 64)).toMatchObject({ name: "LP_DATA_SET1_TBL", octets: expect.stringMatching(/^[0-9a-f]{18848}$/) });
  const location = tables.find(({ table }) => table === 5)?.octets ?? "";
  await writeFile(`${out}.partial`, JSON.stringify({ meter: "MSMT RX-2S VISIT1", tables: { 5: location.replace(/..$/, "21") }, blocks: {} }));
  expect(await metersmith("meter", "download", address, "--out", out)).toMatchObject({ code: 0 });
  expect(await readFile(out, "utf8")).toContain(location.replace(/..$/, "21"));
  expect(existsSync(`${out}.partial`)).toBe(false);
});

test.each([
  ["a file that is no position", "not json", "position"],
  ["another tool's file", "null", "is not a file that meter visit wrote"],
  ["a position that is none", '{"format":"metersmith-visit-1","position":{"meter":"x","events":-1}}', "events: expected a number from 0 to 4294967295"],
])("%s: one line that says so, exit code 3", async (_, content, message) => {
  const file = join(folder, "bad.json");
  await writeFile(file, content);
  const { code, err } = await metersmith("meter", "visit", address, "--since", file);
  expect([code, err]).toEqual([3, expect.stringMatching(message === "position" ? /bad\.json/ : message)]);
  expect(err).not.toMatch(/^\s+at /m);
});

test("a position of another meter is refused before anything is read on", async () => {
  const file = join(folder, "other.json");
  await writeFile(file, '{"format":"metersmith-visit-1","position":{"meter":"MSMT RX-2S OTHER"}}');
  expect(await metersmith("meter", "visit", address, "--since", file)).toMatchObject({ code: 2, err: expect.stringContaining("this meter is MSMT RX-2S VISIT1") });
});

test("the commands' help shows an example", async () => {
  for (const command of ["visit", "acknowledge", "download"]) {
    expect((await metersmith("meter", command, "--help")).out).toContain(`Example:\n  npx metersmith meter ${command}`);
  }
});
