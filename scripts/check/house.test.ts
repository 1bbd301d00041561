import { expect, test } from "vitest";
import { lengthProblems } from "./lengths.ts";
import { nameProblems } from "./names.ts";
import { lockProblems, versionProblems } from "./versions.ts";
import { wordingProblems } from "./wording.ts";

test.each(["packages/base/utils.ts", "modules/helpers/a.ts", "runtime/ui/types.ts", "packages/tables/src/a.ts", "packages/tables/constants.test.ts"])(
  "a name without a concept is refused: %s",
  (path) => expect(nameProblems(path)).toHaveLength(1),
);

test("a barrel is refused inside a package and allowed as its entry", () => {
  expect(nameProblems("packages/tables/layout/index.ts")).toHaveLength(1);
  expect(nameProblems("packages/tables/index.ts")).toEqual([]);
});

test("file names are lowercase words joined by dashes", () => {
  expect(nameProblems("runtime/ui/DataTable.tsx")).toHaveLength(1);
  expect(nameProblems("runtime/ui/data-table.module.css")).toEqual([]);
});

test("a long file needs a reason, a very long one has none, and a reason does not outlive its file's length", () => {
  expect(lengthProblems("a.ts", 300)).toEqual([]);
  expect(lengthProblems("a.ts", 301)).toHaveLength(1);
  expect(lengthProblems("a.ts", 301, "one table of data")).toEqual([]);
  expect(lengthProblems("a.ts", 501, "one table of data")).toHaveLength(1);
  expect(lengthProblems("a.ts", 120, "one table of data")).toHaveLength(1);
});

test.each([
  ["docs/a.md", "see /home/rita/metersmith/x"],
  ["docs/a.md", "cd /root/x"],
  ["package-lock.json", '"resolved": "https://registry.example.org/a.tgz"'],
  ["packages/base/a.ts", "// TODO later"],
  ["packages/base/a.ts", "// @ts-ignore"],
  ["packages/base/a.ts", "// oxlint-disable-next-line no-console"],
])("forbidden wording is found in %s: %s", (path, line) => {
  expect(wordingProblems(path, `\n${line}`)).toEqual([expect.objectContaining({ place: `${path}:2` })]);
});

test.each([
  ["packages/base/a.ts", "// oxlint-disable-next-line no-console -- the command's own output"],
  ["docs/a.md", "open http://localhost:4800/home/start"],
  ["docs/a.md", "TODO lists are welcome in prose"],
])("harmless wording stands in %s: %s", (path, line) => {
  expect(wordingProblems(path, line)).toEqual([]);
});

test("a range of versions and two versions of one package are refused", () => {
  const manifests = new Map([
    ["package.json", '{"devDependencies": {"a": "1.2.3", "b": "^1.0.0"}, "overrides": {"c": "1.0.0-beta.1"}}'],
    ["bench/package.json", '{"dependencies": {"a": "1.2.4"}}'],
  ]);
  expect(versionProblems(manifests)).toEqual([
    { place: "package.json", message: 'b "^1.0.0" is a range; pin one exact version' },
    { place: "bench/package.json", message: "a is 1.2.4 here and 1.2.3 in package.json" },
  ]);
});

test("a workspace that the lockfile tells otherwise is found", () => {
  const manifests = new Map([
    ["package.json", '{"devDependencies": {"b": "1.0.0", "a": "1.0.0"}}'],
    ["bench/package.json", '{"dependencies": {"a": "1.0.0"}}'],
  ]);
  const lockfile = '{"packages": {"": {"devDependencies": {"a": "1.0.0", "b": "1.0.0"}}, "bench": {}}}';
  expect(lockProblems(manifests, lockfile).map(({ place }) => place)).toEqual(["bench/package.json"]);
});
