import { expect, test } from "vitest";
import { directionRules } from "./direction-rules.ts";
import { directionProblems, type Workspace } from "./directions.ts";
import { importsOf } from "./imports.ts";

const workspace = (folder: string, name: string, ...dependencies: string[]): Workspace => ({
  folder,
  name,
  dependencies: new Set(dependencies),
  devDependencies: new Set(),
});

const all = ["base", "tables", "psem", "client", "programs", "meter"].map((name) => `@metersmith/${name}`);
const everything = [...all, "@metersmith/modules", "@metersmith/ui", "@metersmith/postgres", "react", "zod", "kysely", "fastify", "vite"];
const workspaces: readonly Workspace[] = [
  { ...workspace("", "metersmith"), devDependencies: new Set(["vitest", "fast-check"]) },
  ...["base", "tables", "psem", "client", "programs", "meter", "fresh"].map((name) =>
    workspace(`packages/${name}`, `@metersmith/${name}`, ...everything),
  ),
  workspace("modules", "@metersmith/modules", ...everything),
  ...["ui", "postgres"].map((name) => workspace(`runtime/${name}`, `@metersmith/${name}`, ...everything)),
  ...["start", "utility", "meters", "console"].map((name) => workspace(`apps/${name}`, `@metersmith/${name}`, ...everything)),
  workspace("bench", "@metersmith/bench", ...all),
];

function problems(path: string, text: string): readonly string[] {
  return directionProblems({ path, imports: importsOf(path, text) }, workspaces).map((problem) => problem.message);
}

/** For each rule a file that breaks it and one beside it that does not. */
const examples: Readonly<Record<string, { wrong: [string, string][]; right: [string, string][] }>> = {
  "packages know no platform": {
    wrong: [["packages/psem/link.ts", "node:net"]],
    right: [
      ["packages/psem/link.ts", "@metersmith/base/clock"],
      ["packages/psem/link.test.ts", "node:fs"],
    ],
  },
  "packages import only packages": { wrong: [["packages/base/x.ts", "@metersmith/postgres/pool"]], right: [] },
  "runtime knows no domain": {
    wrong: [["runtime/postgres/pool.ts", "@metersmith/modules/ledger/api/contract.ts"]],
    right: [["runtime/postgres/pool.ts", "@metersmith/base/errors"]],
  },
  "runtime/ui runs in the browser": {
    wrong: [
      ["runtime/ui/icon.tsx", "node:fs"],
      ["runtime/ui/icon.tsx", "@metersmith/postgres/pool"],
    ],
    right: [["runtime/ui/icon.tsx", "react"]],
  },
  "modules know no app": { wrong: [["modules/ledger/api/routes.ts", "@metersmith/start/story.ts"]], right: [] },
  "a module sees another by its contract or its rules": {
    wrong: [["modules/ledger/api/routes.ts", "../../registry/store/meters.ts"]],
    right: [
      ["modules/ledger/api/routes.ts", "../../registry/api/contract.ts"],
      ["modules/ledger/api/routes.ts", "../../registry/rules/serial.ts"],
      ["modules/ledger/api/routes.ts", "../store/sessions.ts"],
    ],
  },
  "rules are pure": {
    wrong: [
      ["modules/ledger/rules/span.ts", "kysely"],
      ["modules/ledger/rules/span.ts", "../store/sessions.ts"],
    ],
    right: [["modules/ledger/rules/span.ts", "@metersmith/base/clock"]],
  },
  "contracts are data": {
    wrong: [["modules/ledger/api/contract.ts", "fastify"]],
    right: [["modules/ledger/api/contract.ts", "zod"]],
  },
  "pages see contracts, rules and the design system": {
    wrong: [
      ["modules/ledger/pages/list.tsx", "../store/sessions.ts"],
      ["modules/ledger/pages/list.tsx", "@metersmith/postgres/pool"],
    ],
    right: [
      ["modules/ledger/pages/list.tsx", "../../registry/api/contract.ts"],
      ["modules/ledger/pages/list.tsx", "@metersmith/ui"],
      ["modules/ledger/pages/list.tsx", "react"],
    ],
  },
  "servers draw no pages": { wrong: [["modules/ledger/api/routes.ts", "@metersmith/ui"]], right: [] },
  "an app never imports an app": {
    wrong: [["apps/start/main.ts", "../utility/main.ts"]],
    right: [["apps/start/main.ts", "../console/build.ts"]],
  },
  "only the supervisor builds the console": { wrong: [["apps/utility/main.ts", "../console/build.ts"]], right: [] },
  "the street is no client": {
    wrong: [["apps/meters/street.ts", "@metersmith/programs"]],
    right: [
      ["apps/meters/street.ts", "@metersmith/meter"],
      ["apps/meters/street.faults.test.ts", "@metersmith/client"],
    ],
  },
  "the console sees of modules what runs in a browser": {
    wrong: [
      ["apps/console/shell.tsx", "@metersmith/modules/ledger/store/sessions.ts"],
      ["apps/console/shell.tsx", "node:fs"],
    ],
    right: [
      ["apps/console/shell.tsx", "@metersmith/modules/ledger/pages/list.tsx"],
      ["apps/console/build.ts", "node:fs"],
    ],
  },
  "only tests import what serves tests": {
    wrong: [["packages/psem/link.ts", "./testing/frames.ts"]],
    right: [
      ["packages/psem/link.test.ts", "./testing/frames.ts"],
      ["packages/psem/testing/frames.ts", "./bytes.ts"],
    ],
  },
  "nothing imports scripts or bench": { wrong: [["packages/base/x.ts", "../../scripts/syntax.ts"]], right: [["scripts/a.ts", "./b.ts"]] },
  "scripts import generators only": {
    wrong: [["scripts/generate.ts", "../packages/tables/index.ts"]],
    right: [["scripts/generate.ts", "../packages/tables/generate.ts"]],
  },
};

test("every rule has an example here", () => {
  expect(Object.keys(examples).sort()).toEqual(directionRules.map((rule) => rule.name).sort());
});

for (const [name, { wrong, right }] of Object.entries(examples)) {
  test.each(wrong)(`refused by "${name}": %s importing %s`, (path, specifier) => {
    expect(problems(path, `import { x } from "${specifier}";`).join("\n")).toContain(name);
  });
  test.each(right)(`allowed beside "${name}": %s importing %s`, (path, specifier) => {
    expect(problems(path, `import { x } from "${specifier}";`)).toEqual([]);
  });
}

test.each([
  ["static", 'import { a } from "node:fs";'],
  ["type only", 'import type { Stats } from "node:fs";'],
  ["side effect", 'import "node:fs";'],
  ["re-export", 'export * from "node:fs";'],
  ["named re-export", 'export { a } from "node:fs";'],
  ["dynamic", 'const a = await import("node:fs");'],
  ["dynamic with a template", "const a = await import(`node:fs`);"],
  ["type expression", 'type A = import("node:fs").Stats;'],
  ["require", 'const a = require("fs");'],
])("an import is found however it is written: %s", (_, text) => {
  expect(problems("packages/psem/link.ts", text)).toHaveLength(1);
});

test("an import in a comment or a string is none", () => {
  expect(problems("packages/psem/link.ts", '// import "node:fs"\nconst s = "import \'node:fs\'";')).toEqual([]);
});

test("a package imports only what its line in the graph names", () => {
  expect(problems("packages/meter/clock.ts", 'import "@metersmith/programs";')).toEqual([
    "imports @metersmith/programs: packages/meter may import base, images, protection, psem, tables",
  ]);
  expect(problems("packages/meter/clock.test.ts", 'import "@metersmith/programs";')).toHaveLength(1);
  expect(problems("packages/client/session.test.ts", 'import "@metersmith/meter";')).toEqual([]);
  expect(problems("packages/client/session.ts", 'import "@metersmith/meter";')).toHaveLength(1);
});

test("a new package has to be given a place in the graph", () => {
  expect(problems("packages/fresh/x.ts", 'import "@metersmith/tables";').join()).toContain("no line in packageGraph");
});

test("a package that the workspace does not declare is refused, tools of tests excepted", () => {
  expect(problems("bench/tables.ts", 'import "left-pad";').join()).toContain("not declared in bench/package.json");
  expect(problems("bench/tables.ts", 'import "vitest";')).toHaveLength(1);
  expect(problems("bench/tables.test.ts", 'import "vitest";')).toEqual([]);
});

test("a relative path does not leave its workspace", () => {
  expect(problems("bench/main.ts", 'import "../packages/tables/index.ts";').join()).toContain("import @metersmith/tables by its name");
});

test("a contract may name the caller's transaction by its type, and no more of the database", () => {
  expect(problems("modules/ledger/api/contract.ts", 'import type { Kysely } from "kysely";')).toEqual([]);
  expect(problems("modules/ledger/api/contract.ts", 'import { sql } from "kysely";')).toHaveLength(1);
});

test("tests read the data at the top of the tree where it lies; the code is given it", () => {
  const text = 'import model from "../../../device-types/rx-2s/factory.json" with { type: "json" };';
  expect(problems("packages/meter/testing/bench.ts", text)).toEqual([]);
  expect(problems("packages/meter/board/model.ts", text)).toHaveLength(1);
});

test("the place is the file and the line", () => {
  const text = 'const a = 1;\n\nimport "node:fs";';
  const [problem] = directionProblems({ path: "packages/base/x.ts", imports: importsOf("packages/base/x.ts", text) }, workspaces);
  expect(problem?.place).toBe("packages/base/x.ts:3");
});
