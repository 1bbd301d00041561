import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { runTool } from "../run-tool.ts";
import { readSource, root, sourceFiles } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";
import { type Command, type Markdown, readMarkdown } from "./markdown.ts";

/** Links of one page that lead nowhere in the tree. Addresses of the web are not tried: a check must not depend on them. */
export function linkProblems(
  path: string,
  page: Markdown,
  exists: (path: string) => boolean,
  anchorsOf: (path: string) => ReadonlySet<string>,
): readonly Problem[] {
  return page.links.flatMap(({ target, line, image }): Problem[] => {
    if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
    const [file = "", anchor] = decodeURI(target).split("#");
    const goal = file === "" ? path : posix.join(posix.dirname(path), file).replace(/\/$/, "");
    const place = `${path}:${line}`;
    if (goal.startsWith("..") || !exists(goal)) return [{ place, message: `${image ? "image" : "link"} ${target} leads nowhere` }];
    if (anchor === undefined || !goal.endsWith(".md") || anchorsOf(goal).has(anchor)) return [];
    return [{ place, message: `${goal} has no heading for #${anchor}` }];
  });
}

/** npm's own words that need no script. */
const ofNpm = new Set(["ci", "install", "ls", "--version"]);

/** A command in the docs that names a script npm does not have. Lines that begin with neither npm nor npx are not judged. */
export function scriptProblem(command: Command, scripts: ReadonlySet<string>): string | undefined {
  const [program, first, second] = command.words.filter((word) => !/^\w+=/.test(word));
  if (program !== "npm" || first === undefined || ofNpm.has(first)) return undefined;
  const script = first === "run" ? second : first;
  return script !== undefined && scripts.has(script) ? undefined : `there is no npm script "${script ?? ""}"`;
}

/** The words of `npx metersmith program build …` that choose a command: those before the first option, path or placeholder. */
export function subcommand(command: Command): readonly string[] | undefined {
  const [program, name, ...rest] = command.words;
  if (program !== "npx" || name !== "metersmith") return undefined;
  const end = rest.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  return end === -1 ? rest : rest.slice(0, end);
}

/** Commands of our own that the docs show exist: `npx metersmith <words> --help` ends well. */
async function helpProblem(words: readonly string[]): Promise<string | undefined> {
  const { code, errors } = await runTool(process.execPath, [join(root, "apps/cli/main.ts"), ...words, "--help"], 30);
  return code === 0 ? undefined : `npx metersmith ${words.join(" ")} --help ends with ${code}: ${errors.trim().split("\n")[0] ?? ""}`;
}

export const docs: Check = {
  name: "docs",
  about: "links and anchors in Markdown lead somewhere, and the commands shown exist",
  async run() {
    const manifest = JSON.parse(readSource("package.json")) as { scripts: Record<string, string> };
    const scripts = new Set(Object.keys(manifest.scripts));
    const pages = new Map(
      sourceFiles()
        .filter((path) => path.endsWith(".md"))
        .map((path) => [path, readMarkdown(readSource(path))]),
    );
    const anchorsOf = (path: string): ReadonlySet<string> => pages.get(path)?.anchors ?? new Set();
    const problems: Problem[] = [];
    const helpOf = new Map<string, Promise<string | undefined>>();
    for (const [path, page] of pages) {
      problems.push(...linkProblems(path, page, (goal) => existsSync(join(root, goal)), anchorsOf));
      for (const command of page.commands) {
        const words = subcommand(command);
        const key = words?.join(" ") ?? "";
        if (words && !helpOf.has(key)) helpOf.set(key, helpProblem(words));
        const message = words ? await helpOf.get(key) : scriptProblem(command, scripts);
        if (message !== undefined) problems.push({ place: `${path}:${command.line}`, message });
      }
    }
    return problems;
  },
};
