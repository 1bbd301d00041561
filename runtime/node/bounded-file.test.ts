import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBoundedText } from "./bounded-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bounded-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a file is read up to its limit and not past it; a device without an end is refused", async () => {
  const file = join(folder, "text");
  await writeFile(file, "grüß");
  expect(await readBoundedText(file, 6)).toBe("grüß");
  await expect(readBoundedText(file, 5)).rejects.toThrow("larger than 5 octets");
  await expect(readBoundedText("/dev/zero", 100_000)).rejects.toThrow(RangeError);
  await expect(readBoundedText(join(folder, "none"), 5)).rejects.toMatchObject({ code: "ENOENT" });
});
