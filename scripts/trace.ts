import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { requirements } from "./check/requirements.ts";
import { root } from "./source-tree.ts";
import { pagePath, traceTree } from "./trace/trace.ts";

if (process.argv.includes("--check")) {
  const problems = await requirements.run();
  for (const { place, message } of problems) process.stdout.write(`${place}  ${message}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  const { page, unknown } = traceTree();
  for (const { id, path, line } of unknown) process.stdout.write(`${path}:${line}  no requirement has the id ${id}\n`);
  writeFileSync(join(root, pagePath), page);
  process.stdout.write(`${pagePath} written\n`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
}
