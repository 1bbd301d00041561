import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nicErrors } from "./nic-error.ts";

test("[IPC-1] the reference page has a row for every refusal, with its status", () => {
  const page = readFileSync(new URL("../../docs/reference/configuration-interface.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [code, Number(status)]);
  expect(rows).toEqual(Object.entries(nicErrors).map(([code, [status]]) => [code, status]));
});
