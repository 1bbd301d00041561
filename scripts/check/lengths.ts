import { isCode, isGeneratedOrData, readSource, sourceFiles } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";

const needsReason = 300;
const redesign = 500;

/** Files of more than 300 lines, each with the reason why it is not two. */
const reasons: Readonly<Record<string, string>> = {};

/** Whether a file of so many lines may stand, given the reason on record for it. */
export function lengthProblems(path: string, lines: number, reason: string | undefined = reasons[path]): readonly Problem[] {
  if (lines > redesign) return [{ place: path, message: `${lines} lines; more than ${redesign} is a redesign` }];
  if (lines > needsReason && reason === undefined) {
    const message = `${lines} lines; split it by concept, or give the reason in scripts/check/lengths.ts`;
    return [{ place: path, message }];
  }
  if (lines <= needsReason && reason !== undefined) {
    return [{ place: path, message: "is short again; take its line out of scripts/check/lengths.ts" }];
  }
  return [];
}

export const lengths: Check = {
  name: "lengths",
  about: "no file over 300 lines without a reason, none over 500; generated files and data are exempt",
  async run() {
    const files = sourceFiles().filter((path) => (isCode(path) || path.endsWith(".css")) && !isGeneratedOrData(path));
    const gone = Object.keys(reasons).filter((path) => !files.includes(path));
    return [
      ...files.flatMap((path) => lengthProblems(path, readSource(path).split("\n").length - 1)),
      ...gone.map((path) => ({ place: path, message: "does not exist; take its line out of scripts/check/lengths.ts" })),
    ];
  },
};
