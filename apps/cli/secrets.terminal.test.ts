import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openHome } from "@metersmith/node/home";
import { takeLock } from "@metersmith/node/lock";
import { afterEach, beforeEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const first = "11".repeat(32);
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "metersmith-rotate-"));
  const { secrets } = await openHome(home, {});
  await secrets.ensure("utility_demo.app", () => "canary-7d1e");
  await secrets.ensure("utility_demo.sealing", () => first);
});
afterEach(() => rm(home, { recursive: true }));

const metersmith = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, "secrets", ...args], { env: { ...process.env, METERSMITH_HOME: home, ...environment } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out: out + err }),
    );
  });
const kept = async (name: string): Promise<string> => (await openHome(home, {})).secrets.ensure(name, () => "none");

test("which secrets there are is told, and none of them", async () => {
  const { code, out } = await metersmith(["list"]);
  expect([code, out]).toEqual([0, expect.stringContaining("utility_demo.app")]);
  expect(out).not.toContain("canary");
  expect(out).not.toContain(first);
});

test("a site's new key seals while the one before still opens, also where that was done twice", async () => {
  expect(await metersmith(["rotate", "--site", "utility_demo"])).toMatchObject({ code: 0 });
  expect(await metersmith(["rotate", "--site", "utility_demo", "--json"])).toMatchObject({ code: 0 });
  const keys = (await kept("utility_demo.sealing")).split(",");
  expect([keys.length, new Set(keys).size, keys.at(-1)]).toEqual([3, 3, first]);
});

test("the installation's own key is changed, and cut off after its first step it goes on", async () => {
  const before = (await readFile(join(home, "key"), "utf8")).trim();
  expect(await metersmith(["rotate", "--master"])).toMatchObject({ code: 0 });
  const after = (await readFile(join(home, "key"), "utf8")).trim();
  expect(after).toMatch(/^[0-9a-f]{64}$/);
  expect(after).not.toBe(before);
  expect(await kept("utility_demo.app")).toBe("canary-7d1e");
  await writeFile(join(home, "key"), `${"22".repeat(32)},${after}\n`);
  expect(await kept("utility_demo.app")).toBe("canary-7d1e");
  expect(await metersmith(["rotate", "--master"])).toMatchObject({ code: 0 });
  expect((await readFile(join(home, "key"), "utf8")).trim()).toMatch(/^[0-9a-f]{64}$/);
  expect(await kept("utility_demo.app")).toBe("canary-7d1e");
});

test("while the installation runs, no key is changed; an unknown site and half a command are refused", async () => {
  const lock = await takeLock(join(home, "lock"));
  expect(await metersmith(["rotate", "--master"])).toMatchObject({ code: 3 });
  await lock.release();
  expect(await metersmith(["rotate", "--site", "nonesuch"])).toMatchObject({ code: 3 });
  expect(await metersmith(["rotate"])).toMatchObject({ code: 2 });
  expect(await metersmith(["list"], { METERSMITH_KEY: "33".repeat(32) })).toMatchObject({ code: 3, out: expect.not.stringContaining("3333") });
});
