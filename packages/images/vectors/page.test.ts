import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { vectors } from "./vectors.ts";

const page = readFileSync(new URL("../../../docs/reference/images.md", import.meta.url), "utf8");

test("the page shows the vectors that the tests run", () => {
  const shown = [...page.matchAll(/```hex\n([^`]+)```/g)].map(([, hex]) => hex?.replace(/\s/g, ""));
  const { program, firmware } = vectors;
  expect(shown).toEqual([program.signedManifest, program.inventory, program.payload, firmware.signedManifest, firmware.inventory]);
  for (const key of vectors.publicKeys) expect(page).toContain(key);
});
