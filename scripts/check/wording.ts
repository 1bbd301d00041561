import { isCode, readSource, sourceFiles } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";

interface Wording {
  readonly pattern: RegExp;
  readonly message: string;
  /** Whether it concerns code alone or every text of the tree. */
  readonly codeOnly: boolean;
}

/** Patterns are written so that this file does not match them. */
const wordings: readonly Wording[] = [
  {
    pattern: /(?<![\w.])\/(?:work|root|home\/[a-z]\w*|Users\/\w+)\//,
    message: "a path of somebody's machine",
    codeOnly: false,
  },
  {
    pattern: /https?:\/\/[^/\s"'`]*(?:registry|artifactory|nexus|verdaccio)[^/\s"'`]*/i,
    message: "the host of a package registry; packages come from wherever npm is told to look",
    codeOnly: false,
  },
  {
    pattern: /(?:\/\/|\/\*|^\s*\*).*\b(?:TO[D]O|FIX[M]E|XX[X])\b/,
    message: "an unfinished note; finish it, or open an issue",
    codeOnly: true,
  },
  { pattern: /@ts-(?:ig[n]ore|noche[c]k)/, message: "the compiler is silenced; mend the type", codeOnly: true },
  {
    pattern: /(?:ox|es)lint-disable(?!.*--\s*\S)/,
    message: "a rule is silenced without a reason; write `-- why` behind it",
    codeOnly: true,
  },
];

/** Every line of a text that says what the tree must not say. */
export function wordingProblems(path: string, text: string): readonly Problem[] {
  return text.split("\n").flatMap((line, at) =>
    wordings
      .filter((wording) => (!wording.codeOnly || isCode(path)) && wording.pattern.test(line))
      .map(({ message }) => ({ place: `${path}:${at + 1}`, message })),
  );
}

const isText = (path: string): boolean =>
  /\.(ts|tsx|mts|mjs|js|json|md|xml|xsd|css|html|sh|yml|yaml|sql|txt)$|(^|\/)(\.[a-z]+|run)$/.test(path);
/** The tests of these checks quote what is forbidden. */
const quoting = /^scripts\/check\/.*\.test\.ts$|^scripts\/check\/wording\.ts$/;

export const wording: Check = {
  name: "wording",
  about: "no path of a machine, no registry host, no unfinished note, no silenced compiler",
  async run() {
    return sourceFiles()
      .filter((path) => isText(path) && !quoting.test(path))
      .flatMap((path) => wordingProblems(path, readSource(path)));
  },
};
