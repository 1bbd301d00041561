import type { Outcome } from "./run-project.ts";

/** Says that a project took longer than its budget; undefined while it holds. */
export function budgetLine({ project, seconds }: Outcome): string | undefined {
  if (seconds <= project.budgetSeconds) return undefined;
  return `${project.name} took ${seconds.toFixed(1)} s, its budget is ${project.budgetSeconds} s`;
}

/** One line per project with counts and time against the budget; what is wrong with one stands below it. */
export function summary(outcomes: readonly Outcome[]): string {
  return outcomes
    .flatMap(({ project, passed, failed, skipped, files, seconds, problem }) => [
      [
        failed > 0 ? "✗" : passed > 0 ? "✓" : "–",
        project.name.padEnd(8),
        `${passed} passed`.padStart(12),
        `${failed} failed`.padStart(10),
        `${skipped} skipped`.padStart(11),
        `${files} files`.padStart(10),
        `${seconds.toFixed(1)} of ${project.budgetSeconds} s`.padStart(14),
      ].join(" "),
      ...(problem === undefined ? [] : [`    ${problem}`]),
    ])
    .join("\n");
}

/** Sums over the projects; `line` is the form that CI reads: `N passed, N failed` and, where there are any, `, N skipped`. */
export function totals(outcomes: readonly Outcome[]): { readonly failed: number; readonly line: string } {
  const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  const skipped = sum((outcome) => outcome.skipped);
  const line = `${sum((outcome) => outcome.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return { failed, line };
}
