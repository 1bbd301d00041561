import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const study = fileURLToPath(new URL("../../examples/protection/four-homes.json", import.meta.url));

function metersmith(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, "protection", ...args], { env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-protection-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("[OCP-3] protection check tells margins by range of current, and its exit code whether it is coordinated", async () => {
  const good = await metersmith("check", study);
  expect(good.code).toBe(0);
  expect(good.out).toMatch(/ok +main breaker → meter +135–200 A +least margin 797 s at 200 A/);
  expect(good.out).toMatch(/vacuous +meter → recloser, line to line/);
  const file = join(folder, "fast.json");
  await writeFile(file, (await readFile(study, "utf8")).replace('"dial": 4', '"dial": 0.1'));
  const bad = await metersmith("check", file, "--json");
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.out)).toMatchObject({ ok: false, coordinated: false });
});

test("[OCP-3] the worked example of the documentation, findings and plot, is what the commands give", async () => {
  const page = await readFile(new URL("../../docs/reference/protection.md", import.meta.url), "utf8");
  const shown = /```text\n(.*?)\n```/s.exec(page)?.[1];
  const { out } = await metersmith("check", study);
  expect(out.trimEnd()).toBe(shown);
  const plot = join(folder, "page.svg");
  await metersmith("plot", study, "--out", plot);
  expect(await readFile(plot, "utf8")).toBe(await readFile(new URL("../../docs/images/four-homes.svg", import.meta.url), "utf8"));
});

test("[OCP-3] protection plot writes the curves; what is no study is refused with its place", async () => {
  const out = join(folder, "plot.svg");
  expect(await metersmith("plot", study, "--out", out)).toMatchObject({ code: 0, out: `written to ${out}\n` });
  expect(await readFile(out, "utf8")).toMatch(/^<svg .*<\/svg>$/s);
  expect((await metersmith("plot", study, "--out", join(folder, "no", "such.svg"))).code).toBe(3);
  const file = join(folder, "none.json");
  await writeFile(file, "{}");
  expect(await metersmith("check", file)).toMatchObject({ code: 3, err: expect.stringMatching(/none\.json: format: /) as string });
});

test("[OCP-3] protection table gives the octets for a meter, and none of a study that is not coordinated", async () => {
  const good = await metersmith("table", study, "--device-type", "rx-2s", "--json");
  expect(JSON.parse(good.out)).toMatchObject({ ok: true, table: 2065, name: "PROTECTION_SETTING_TBL", octets: expect.stringMatching(/^0700580f0200a00f0000/) as string });
  const out = join(folder, "setting.bin");
  expect(await metersmith("table", study, "--device-type", "rx-2s", "--out", out)).toMatchObject({ code: 0, out: `PROTECTION_SETTING_TBL (MT 17) written to ${out}\n` });
  expect((await readFile(out)).toString("hex")).toBe((JSON.parse(good.out) as { octets: string }).octets);
  const file = join(folder, "uncoordinated.json");
  await writeFile(file, (await readFile(study, "utf8")).replace('"dial": 4', '"dial": 0.1'));
  expect(await metersmith("table", file, "--device-type", "rx-2s")).toMatchObject({ code: 1, out: "not coordinated: protection check says where\n" });
});

test("[OCP-2] protection sweep counts its runs", async () => {
  const { code, out } = await metersmith("sweep", study, "--currents", "6", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ok: true, simulation: true, runs: 72, problems: 0 });
});
