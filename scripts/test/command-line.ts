import { type Project, projects } from "./projects.ts";

export interface TestCommand {
  readonly projects: readonly Project[];
  /** What goes on to vitest as it stands: parts of file names, `-t "part of a title"`, `--update` … */
  readonly passed: readonly string[];
}

export const usage = `Usage: npm test -- [project …] [part of a file name …] [option of vitest …]

Projects:
${projects.map((project) => `  ${project.name.padEnd(9)}${project.about} (budget ${project.budgetSeconds} s)`).join("\n")}

Examples:
  npm test                              everything
  npm test -- unit packages/psem        the unit tests of one package
  npm test -- store -t "clones"         by title
  METERSMITH_SEED=42 npm test -- unit   with the property tests' draws of seed 42
`;

/** Leading words that name projects choose them; none chosen means all. The rest is passed on in its order. */
export function readArguments(words: readonly string[]): TestCommand | "help" {
  if (words.includes("--help") || words.includes("-h")) return "help";
  const isProject = (word: string): boolean => projects.some((project) => project.name === word);
  const firstOther = words.findIndex((word) => !isProject(word));
  const names = new Set(firstOther === -1 ? words : words.slice(0, firstOther));
  return {
    projects: names.size === 0 ? projects : projects.filter((project) => names.has(project.name)),
    passed: firstOther === -1 ? [] : words.slice(firstOther),
  };
}
