import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const examples = fileURLToPath(new URL("../../examples/tariffs/", import.meta.url));
const secondKey = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

let folder: string;

function metersmith(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

const sign = (...more: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  metersmith("image", "sign", "--key", "programs.secret.json", "--counter", "3", "--expiry", "2099-01-01T00:00Z", ...more);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-image-"));
  const built = await metersmith("program", "build", join(examples, "aps-et-2-tou.json"), "--answers", join(examples, "aps-et-2-tou.answers.json"), "--device-type", "rx-2s", "--out", "et2.json");
  expect(built.code).toBe(0);
  expect(await metersmith("image", "keygen", "programs", "--for", "program", "--json")).toMatchObject({ code: 0, err: "" });
  expect(await metersmith("image", "keygen", "firmware", "--for", "firmware")).toMatchObject({ code: 0 });
  expect(await sign("--program", "et2.json", "--out", "et2.image")).toMatchObject({ code: 0, err: "" });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("every command's help shows an example", async () => {
  const commands = ["keygen", "sign", "inspect", "verify"];
  const helps = await Promise.all(commands.map((command) => metersmith("image", command, "--help")));
  helps.forEach((help, at) => expect(help).toMatchObject({ code: 0, out: expect.stringContaining(`Example:\n  npx metersmith image ${commands[at]}`) }));
});

test("the secret key is its owner's alone, is never printed, and is never overwritten", async () => {
  expect((await stat(join(folder, "programs.secret.json"))).mode & 0o777).toBe(0o600);
  const { secretKey } = JSON.parse(await readFile(join(folder, "programs.secret.json"), "utf8")) as { secretKey: string };
  const printed = [await metersmith("image", "keygen", "other", "--for", "program", "--json"), await sign("--program", "et2.json", "--out", "again.image", "--json")];
  for (const { out, err } of printed) expect(out + err).not.toContain(secretKey);
  const other = JSON.parse(await readFile(join(folder, "other.secret.json"), "utf8")) as { secretKey: string };
  expect(printed[0]?.out).not.toContain(other.secretKey);
  expect(await metersmith("image", "keygen", "programs", "--for", "program")).toMatchObject({ code: 3, err: expect.stringContaining("is there already") });
  expect(await readFile(join(folder, "programs.secret.json"), "utf8")).toContain(secretKey);
  // The same content under the same key is the same image.
  expect(await readFile(join(folder, "again.image"))).toEqual(await readFile(join(folder, "et2.image")));
});

test("a signed program is what was built, bound to the tables it checks", async () => {
  const { code, out } = await metersmith("image", "verify", "et2.image", "--trust", "programs.public.json", "firmware.public.json", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ok: true, verified: true, kind: "program", deviceType: "rx-2s", id: "ET-2", version: 1, counter: 3, expiry: "2099-01-01T00:00:00Z", test: false });
  const { steps, reviewed } = JSON.parse(out) as { steps: { table: number }[]; reviewed: { table: number }[] };
  // In the order of the mapping: the table that claims the program goes last.
  expect(steps.map(({ table }) => table)).toEqual([12, 13, 16, 22, 53, 54, 6]);
  expect(reviewed.map(({ table }) => table)).toEqual([0, 1, 11, 21, 51, 61, 62, 75]);
});

describe("verify refuses, with exit code 4", () => {
  test.each([
    ["another key", ["--trust", "firmware.public.json"], "unknown-key"],
    ["an image that expired", ["--trust", "programs.public.json", "--at", "2099-01-01T00:00Z"], "expired"],
  ])("%s", async (_, options, code) => {
    const ran = await metersmith("image", "verify", "et2.image", ...options, "--json");
    expect(ran.code).toBe(4);
    expect(JSON.parse(ran.out)).toMatchObject({ ok: false, code });
  });

  test("a changed octet, anywhere", async () => {
    const image = await readFile(join(folder, "et2.image"));
    for (const at of [100, image.length - 1]) {
      const changed = Buffer.from(image);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(join(folder, "changed.image"), changed);
      expect(await metersmith("image", "verify", "changed.image", "--trust", "programs.public.json"), `octet ${at}`).toMatchObject({ code: 4, out: "" });
    }
  });
});

describe("sign refuses", () => {
  test.each([
    ["a key for another kind", ["--program", "et2.json", "--out", "x.image", "--key", "firmware.secret.json"], 3, "signs no program"],
    ["neither program nor firmware", ["--out", "x.image"], 2, "either --program or --firmware"],
    ["a time that is none", ["--program", "et2.json", "--out", "x.image", "--activation", "tomorrow"], 2, "expected a time in UTC"],
    ["firmware that is no module", ["--firmware", "et2.json", "--device-type", "rx-2s", "--id", "m", "--release", "2.0", "--out", "x.image", "--key", "firmware.secret.json"], 3, "no WebAssembly module"],
  ])("%s", async (_, more, code, message) => {
    expect(await sign(...more)).toMatchObject({ code, out: "", err: expect.stringContaining(message) });
    await expect(stat(join(folder, "x.image"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("a secret key that others may read, and one that does not belong to its public key; neither is shown", async () => {
    const file = join(folder, "loose.secret.json");
    await writeFile(file, await readFile(join(folder, "programs.secret.json")));
    await chmod(file, 0o644);
    expect(await sign("--program", "et2.json", "--out", "x.image", "--key", "loose.secret.json")).toMatchObject({ code: 3, err: expect.stringContaining("chmod 600") });
    await chmod(file, 0o600);
    const content = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...content, secretKey: secondKey }));
    const mixed = await sign("--program", "et2.json", "--out", "x.image", "--key", "loose.secret.json");
    expect(mixed).toMatchObject({ code: 3, err: expect.stringContaining("not that of its secret key") });
    await writeFile(file, `${secondKey}!`);
    const broken = await sign("--program", "et2.json", "--out", "x.image", "--key", "loose.secret.json", "--json");
    expect(broken.code).toBe(3);
    expect(broken.out + broken.err).not.toContain(secondKey.slice(0, 8));
  });
});

test("inspect says that it has checked no signature", async () => {
  expect(await metersmith("image", "inspect", "et2.image")).toMatchObject({ code: 0, out: expect.stringContaining("The signature was not checked") });
});
