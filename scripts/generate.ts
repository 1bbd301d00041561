import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generated, generateAll } from "./check/generated.ts";
import { root } from "./source-tree.ts";

if (process.argv.includes("--check")) {
  const problems = await generated.run();
  for (const { place, message } of problems) process.stdout.write(`${place}  ${message}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  try {
    for (const [path, text] of await generateAll()) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      process.stdout.write(`${path} written\n`);
    }
  } catch (cause) {
    process.stderr.write(`Nothing generated: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exitCode = 1;
  }
}
