import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ChildOptions, startChild } from "./child.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-child-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function options(body: string, more: Partial<ChildOptions> = {}): Promise<ChildOptions> {
  const program = join(folder, "child.mts");
  const supervised = JSON.stringify(join(import.meta.dirname, "supervised.ts"));
  await writeFile(program, `import { supervised } from ${supervised};\nimport { writeFileSync } from "node:fs";\n${body}`);
  return { name: "part", program, config: { answer: 42 }, runFolder: join(folder, "run"), logFile: join(folder, "logs/part.log"), ...more };
}

test("a child is told its configuration over the channel alone, and stops in order when asked to", async () => {
  const child = await startChild<{ got: unknown; seen: string }>(
    await options(`supervised(async (config) => ({
      ready: { got: config, seen: JSON.stringify([process.argv.slice(2), process.env]) },
      stop: async () => writeFileSync(${JSON.stringify(join(folder, "stopped"))}, "in order"),
    }));`, { config: { answer: "a secret of 42" } }),
  );
  expect(child.ready.got).toEqual({ answer: "a secret of 42" });
  expect(child.ready.seen).not.toContain("a secret of 42");
  await child.stop();
  expect(await child.ended).toBe("exit code 0");
  expect(await readFile(join(folder, "stopped"), "utf8")).toBe("in order");
  expect(await readdir(join(folder, "run"))).toEqual([]);
});

test("a child that fails says so in its own words; its stack is in its log", async () => {
  const failing = options(`supervised(async () => { throw new Error("port 4800 is taken"); });`);
  await expect(startChild(await failing)).rejects.toMatchObject({ code: "child-failed", message: "port 4800 is taken" });
  expect(await readFile(join(folder, "logs/part.log"), "utf8")).toMatch(/port 4800 is taken\n\s+at /);
});

test("a child that ends before it is ready is told with where to look", async () => {
  await expect(startChild(await options("process.exit(7);"))).rejects.toMatchObject({
    code: "child-ended",
    message: expect.stringMatching(/part ended before it was ready \(exit code 7\); see .*part\.log/),
  });
});

test("a child that is never ready is not waited for beyond its time, nor one that is no longer wanted", async () => {
  const hanging = "supervised(() => new Promise(() => setInterval(() => {}, 1000)));";
  await expect(startChild(await options(hanging, { readyWithinMs: 300 }))).rejects.toMatchObject({ code: "child-stuck" });
  const stopping = new AbortController();
  const starting = startChild(await options(hanging), stopping.signal);
  stopping.abort(new Error("no longer wanted"));
  await expect(starting).rejects.toThrow("no longer wanted");
  expect(await readdir(join(folder, "run"))).toEqual([]);
});

test("a child that does not stop within its time is killed", async () => {
  const child = await startChild(await options("supervised(async () => ({ ready: {}, stop: () => new Promise(() => setInterval(() => {}, 1000)) }));", { stopWithinMs: 200 }));
  await child.stop();
  expect(await child.ended).toBe("ended by SIGKILL");
});
