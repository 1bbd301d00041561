import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSource, root } from "../source-tree.ts";
import { pagePath, traceTree } from "../trace/trace.ts";
import type { Check } from "./check.ts";

export const requirements: Check = {
  name: "requirements",
  about: `${pagePath} says which tests prove what, as the tests' titles do now`,
  async run() {
    const { page, unknown } = traceTree();
    const stale = !existsSync(join(root, pagePath)) || readSource(pagePath) !== page;
    return [
      ...unknown.map(({ id, path, line }) => ({ place: `${path}:${line}`, message: `no requirement has the id ${id}` })),
      ...(stale ? [{ place: pagePath, message: "differs from the tests' titles; run npm run trace" }] : []),
    ];
  },
};
