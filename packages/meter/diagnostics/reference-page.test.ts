import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import rx2s from "../../../device-types/rx-2s/fragment.json" with { type: "json" };
import ix4s from "../../../device-types/ix-4s/fragment.json" with { type: "json" };
import { models } from "../testing/bench.ts";
import { diagnostics } from "./diagnostic-list.ts";

test("the reference page has a row for every diagnostic, as it is", () => {
  const page = readFileSync(new URL("../../../docs/reference/diagnostics.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => /^\| \d+ \| `/.test(line)).map((line) => line.split("|").slice(1, 7).map((cell) => cell.trim()));
  expect(rows).toEqual(diagnostics.map((one) => [
    String(one.number), `\`${one.id}\``, one.critical ? `${one.class}, critical` : one.class, one.when === "metrology-check" ? "metrology check" : one.when, one.flag ?? "—",
    one.manufacturer ? `maker's ${one.code}` : String(one.code),
  ]));
});

test("the device types name every diagnostic", () => {
  for (const { context } of Object.values(models)) {
    expect(diagnostics.map(({ number }) => context.definitions.label("DIAGNOSTIC", number))).toEqual(diagnostics.map(({ id }) => id));
    expect(context.definitions.label("DIAGNOSTIC", diagnostics.length + 1)).toBeUndefined();
  }
});

test("the device types describe the tables of the diagnostics alike", () => {
  const part = (fragments: readonly { readonly name: string }[]): unknown => fragments.find(({ name }) => name === "metersmith-diagnostics");
  expect(part(rx2s)).toBeDefined();
  expect(part(ix4s)).toEqual(part(rx2s));
});
