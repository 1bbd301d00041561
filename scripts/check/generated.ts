import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSource, root, sourceFiles } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";

/** A generator gives the text of each file it owns, by the path in the tree; it reads its sources through `read`, by such paths. */
type Generator = (read: (path: string) => Promise<string>) => Promise<ReadonlyMap<string, string>>;

/** All generators, by the file that holds them. They are loaded when asked, so that a broken one is a finding, not a crash. */
const generators: Readonly<Record<string, Generator>> = {
  "packages/tables/generate.ts": async (read) => (await import("../../packages/tables/generate.ts")).generateTables(read),
  "packages/meter/generate.ts": async (read) => (await import("../../packages/meter/generate.ts")).generateFirmware(read),
  "packages/programs/generate.ts": async () => (await import("../../packages/programs/generate.ts")).generateSchemas(),
};

/** Everything that generators write, by path. */
export async function generateAll(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const generate of Object.values(generators)) {
    for (const [path, text] of await generate(async (source) => readSource(source))) texts.set(path, text);
  }
  return texts;
}

/** What differs between the tree and what its generators give; `read` gives undefined for a file that is not there. */
export function stale(
  texts: ReadonlyMap<string, string>,
  inTree: readonly string[],
  read: (path: string) => string | undefined,
): readonly Problem[] {
  const differing = [...texts].filter(([path, text]) => read(path) !== text).map(([path]) => path);
  const orphans = inTree.filter((path) => path.includes(".generated.") && !texts.has(path));
  return [
    ...differing.map((place) => ({ place, message: "differs from what its generator writes; run npm run generate" })),
    ...orphans.map((place) => ({ place, message: "no generator writes it; remove it, or name its generator in scripts/check/generated.ts" })),
  ];
}

export const generated: Check = {
  name: "generated",
  about: "generated files are what their generators write now",
  async run() {
    try {
      const read = (path: string): string | undefined => (existsSync(join(root, path)) ? readSource(path) : undefined);
      return stale(await generateAll(), sourceFiles(), read);
    } catch (cause) {
      return [{ place: Object.keys(generators).join(", "), message: cause instanceof Error ? cause.message : String(cause) }];
    }
  },
};
