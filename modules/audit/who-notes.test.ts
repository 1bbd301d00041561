import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const modules = fileURLToPath(new URL("..", import.meta.url));

/** What is written without going on record as an action, each with why that is right. */
const noted = new Map([
  ["audit/jobs/seal-regularly.ts", "the seals are the record itself"],
  ["ledger/jobs/converse.ts", "steps of a session, whose start and end are on record"],
  ["ledger/module.ts", "an accepted session is offered to the workers again"],
  ["network/module.ts", "presence is observed, nobody decides it"],
]);

const sources = readdirSync(modules, { recursive: true, encoding: "utf8" }).filter((path) => /(?<!\.test)\.ts$/.test(path) && !/node_modules|(^|\/)testing\//.test(path));
const using = (pattern: RegExp): string[] => sources.filter((path) => pattern.test(readFileSync(`${modules}/${path}`, "utf8"))).toSorted();

test("who writes without an action on record is on this list, and nobody else", () => {
  expect(using(/\bwork\s*\.\s*note\b/)).toEqual([...noted.keys()].toSorted());
});

test("only sign-in, whose tables record by themselves, opens connections of its own", () => {
  expect(using(/\bopenDatabase\b|\bnew Kysely\b|from "pg"/)).toEqual(["identity/module.ts"]);
});
