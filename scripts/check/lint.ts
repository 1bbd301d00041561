import { join } from "node:path";
import { runTool } from "../run-tool.ts";
import { root } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";

interface Diagnostic {
  readonly filename: string;
  readonly code?: string;
  readonly message: string;
  readonly labels?: readonly { readonly span?: { readonly line?: number } }[];
}

/** The linter's findings, from its JSON output. */
export function lintProblems(output: string): readonly Problem[] {
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly Diagnostic[] };
  return diagnostics.map(({ filename, code, message, labels }) => ({
    place: `${filename}:${labels?.[0]?.span?.line ?? 1}`,
    message: `${message} [${code ?? "syntax"}]`,
  }));
}

export const lint: Check = {
  name: "lint",
  about: "oxlint with type-aware rules (.oxlintrc.json) finds nothing",
  async run() {
    const { code, output, errors } = await runTool(join(root, "node_modules/.bin/oxlint"), ["--type-aware", "-f", "json", "."]);
    const problems = output.trimStart().startsWith("{") ? lintProblems(output) : [];
    if (code === 0 || problems.length > 0) return problems;
    return [{ place: ".oxlintrc.json", message: `oxlint ended with ${code}: ${`${output}${errors}`.trim()}` }];
  },
};
