import { join } from "node:path";
import { runTool } from "../run-tool.ts";
import { root } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";

/** The compiler's complaints, from its plain output: `path(line,column): error TS1234: text`; indented lines continue the last one. */
export function compilerProblems(output: string): readonly Problem[] {
  const problems: Problem[] = [];
  for (const line of output.split("\n")) {
    const [, path, row, message] = /^(.+?)\((\d+),\d+\): (?:error|warning) (.*)$/.exec(line) ?? [];
    if (path !== undefined && message !== undefined) problems.push({ place: `${path}:${row}`, message });
    else if (/^(error|warning) /.test(line)) problems.push({ place: "tsconfig.json", message: line });
  }
  return problems;
}

export const types: Check = {
  name: "types",
  about: "the whole tree type-checks",
  async run() {
    const { code, output, errors } = await runTool(join(root, "node_modules/.bin/tsc"), ["-p", ".", "--pretty", "false"]);
    const problems = compilerProblems(output);
    if (code === 0 || problems.length > 0) return problems;
    return [{ place: "tsconfig.json", message: `tsc ended with ${code}: ${`${output}${errors}`.trim()}` }];
  },
};
