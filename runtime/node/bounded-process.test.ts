import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runBounded } from "./bounded-process.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "metersmith-bounded-"))));
afterAll(() => rmSync(folder, { recursive: true }));

let modules = 0;
function module(source: string): URL {
  const file = join(folder, `${modules++}.mjs`);
  writeFileSync(file, source);
  return pathToFileURL(file);
}

const bounds = { milliseconds: 20_000, mebibytes: 32 };

test("it is given its input, and nothing of this process's environment; what it said is told", async () => {
  const source = `let text = ""; for await (const part of process.stdin) text += part; process.stdout.write(text + Object.keys(process.env).length);`;
  expect(await runBounded(module(source), "input ", bounds)).toEqual({ ended: "well", said: "input 0" });
});

test("one that does not end is killed", async () => {
  expect(await runBounded(module("for (;;);"), "", { ...bounds, milliseconds: 300 })).toEqual({ ended: "late" });
});

test.each([
  ["needs more memory than it may", "const all = []; for (;;) all.push(new Array(1000).fill(all.length));", /signal|exit code/],
  ["throws", "throw new Error('no')", /exit code 1/],
  ["says without end", "for (;;) process.stdout.write('x'.repeat(10_000)), await new Promise(setImmediate);", /said more than/],
])("one that %s has ended badly, and this process goes on", async (_, source, how) => {
  expect(await runBounded(module(source), "", bounds)).toEqual({ ended: "badly", how: expect.stringMatching(how) });
});
