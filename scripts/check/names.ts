import { isGeneratedOrData, sourceFiles } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";

/** Names that say nothing about what is inside, so everything ends up there. */
const empty = new Set(
  ["utils", "util", "helpers", "helper", "common", "misc", "types", "constants", "shared", "stuff", "lib", "src"],
);
/** One public entry per package; anywhere else an `index` hides where a name comes from. */
const entry = /^(packages|runtime)\/[^/]+\/index\.tsx?$/;

/** What is wrong with the names in one path; `place` is the path. */
export function nameProblems(path: string): readonly Problem[] {
  const parts = path.split("/");
  const stems = parts.map((part, at) => (at === parts.length - 1 ? part.split(".")[0] : part) ?? "");
  const problems = stems
    .filter((stem) => empty.has(stem))
    .map((stem) => ({ place: path, message: `"${stem}" names no concept; say what is inside` }));
  if (stems.at(-1) === "index" && /\.tsx?$/.test(path) && !entry.test(path)) {
    problems.push({ place: path, message: "a barrel inside a package; import the file that defines the name" });
  }
  if (/\.(ts|tsx|css|mjs)$/.test(path) && !/^[a-z0-9.-]+$/.test(parts.at(-1) ?? "")) {
    problems.push({ place: path, message: "file names are lowercase words joined by dashes" });
  }
  return problems;
}

export const names: Check = {
  name: "names",
  about: "code and pages are named for a concept, barrels only as a package's entry",
  async run() {
    return sourceFiles()
      .filter((path) => !isGeneratedOrData(path))
      .flatMap(nameProblems);
  },
};
