import { expect, test } from "vitest";
import { linkProblems, scriptProblem, subcommand } from "./docs.ts";
import { readMarkdown } from "./markdown.ts";

const page = (text: string) => readMarkdown(text);
const linksOf = (text: string): readonly string[] =>
  linkProblems("docs/a.md", page(text), (path) => ["docs/a.md", "docs/b.md", "packages/base"].includes(path), () => new Set(["one"])).map(
    (problem) => problem.message,
  );

test("a link, an anchor and an image that lead nowhere are found", () => {
  expect(linksOf("[b](b.md) [c](c.md)")).toEqual(["link c.md leads nowhere"]);
  expect(linksOf("[b](b.md#one) [b](b.md#two)")).toEqual(["docs/b.md has no heading for #two"]);
  expect(linksOf("![seen](seen.png)")).toEqual(["image seen.png leads nowhere"]);
  expect(linksOf("[out](../../elsewhere.md)")).toEqual(["link ../../elsewhere.md leads nowhere"]);
});

test("folders, addresses of the web and links in code are left alone", () => {
  expect(linksOf("[base](../packages/base/) [web](https://example.org/x) `[no](link.md)`\n```\n[no](link.md)\n```")).toEqual([]);
});

test("anchors are made as renderers make them", () => {
  const { anchors } = page("# The main job, end to end\n## C12.18 & TCP\n## Again\n## Again");
  expect([...anchors]).toEqual(["the-main-job-end-to-end", "c1218--tcp", "again", "again-1"]);
});

test("only fenced sh blocks hold commands, without prompt and comment", () => {
  const { commands } = page("```sh\n$ npm start   # everything\n\n# a comment\nnpm test\n```\n```ts\nnpm.run();\n```\nnpm prose");
  expect(commands.map(({ words }) => words.join(" "))).toEqual(["npm start", "npm test"]);
});

test("a command that names no script is found", () => {
  const problem = (line: string): string | undefined => scriptProblem({ words: line.split(" "), line: 1 }, new Set(["start", "test", "bench"]));
  expect(problem("npm start -- --once")).toBeUndefined();
  expect(problem("METERSMITH_SEED=1 npm test")).toBeUndefined();
  expect(problem("npm run bench -- tables")).toBeUndefined();
  expect(problem("npm run deploy")).toContain('no npm script "deploy"');
  expect(problem("git clone x")).toBeUndefined();
});

test("a command of ours is known by its words before options and files", () => {
  const words = (line: string): readonly string[] | undefined => subcommand({ words: line.split(" "), line: 1 });
  expect(words("npx metersmith program build a.json --json")).toEqual(["program", "build"]);
  expect(words("npx metersmith --help")).toEqual([]);
  expect(words("npm start")).toBeUndefined();
});
