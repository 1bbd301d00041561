import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Top folder of the checkout. */
export const root = join(import.meta.dirname, "..");

/** What git ignores, by name, and git's own folder. Read from the disk, not from git: the checks also run where git is not installed. */
const passedOver = new Set([".git", "node_modules", ".metersmith", "dist", "coverage", "test-results"]);

/** Paths of all files of the tree, relative to `top`, with `/`, sorted. */
export function sourceFiles(top: string = root): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
      if (passedOver.has(entry.name) || entry.name.endsWith(".log")) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  walk("");
  return found.sort();
}

export function readSource(path: string, top: string = root): string {
  return readFileSync(join(top, path), "utf8");
}

export const isCode = (path: string): boolean => /\.(ts|tsx|mts|mjs|js)$/.test(path);
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
/** Tests, and what only tests import, in a folder named `testing`. */
export const servesTests = (path: string): boolean => isTest(path) || path.includes("/testing/");
/** Exempt from rules on length: written by a generator, or data in the standard's or the plug-in's own form. */
export const isGeneratedOrData = (path: string): boolean =>
  path.includes(".generated.") ||
  path === "package-lock.json" ||
  /^(device-types|examples|bench\/results)\//.test(path) ||
  /\/definitions\/[^/]+\.(xml|json)$/.test(path) ||
  path === "docs/requirements.md" ||
  path === "LICENSE";
