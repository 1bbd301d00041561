import { readSource, isTest, sourceFiles } from "../source-tree.ts";
import { requirementsPage } from "./page.ts";
import { areas, requirementIds } from "./requirements.ts";
import { provenIn, type ProvenBy } from "./titles.ts";

export const pagePath = "docs/requirements.md";

export interface Trace {
  readonly page: string;
  /** Ids in test titles that no requirement has. */
  readonly unknown: readonly ProvenBy[];
}

/** Reads the titles of all tests in the tree. The page depends on titles and files alone, not on lines, so edits elsewhere leave it fresh. */
export function traceTree(): Trace {
  // The tests of the tracing itself quote ids that prove nothing.
  const files = sourceFiles().filter((path) => isTest(path) && !path.startsWith("scripts/trace/"));
  const proofs = files.flatMap((path) => provenIn(path, readSource(path)));
  return { page: requirementsPage(areas, proofs), unknown: proofs.filter(({ id }) => !requirementIds.has(id)) };
}
