import { isCode, readSource, servesTests, sourceFiles } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";
import { directionRules, packageGraph, packageGraphInTests } from "./direction-rules.ts";
import { type Import, importsOf, packageName, targetOf } from "./imports.ts";

/** A workspace's package.json as far as directions need it. */
export interface Workspace {
  /** Folder in the tree without a slash at its end; "" is the root. */
  readonly folder: string;
  readonly name: string;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

export interface SourceImports {
  readonly path: string;
  readonly imports: readonly Import[];
}

/** Everything wrong with the imports of one file: forbidden directions, and packages that its workspace does not declare. */
export function directionProblems(file: SourceImports, workspaces: readonly Workspace[]): readonly Problem[] {
  const ourPackages = new Map(workspaces.filter((one) => one.folder !== "").map((one) => [one.name, one.folder]));
  return file.imports.flatMap(({ specifier, line, typeOnly }) => {
    const target = targetOf(file.path, specifier, ourPackages);
    return [
      ...brokenRules(file.path, target, typeOnly),
      ...outsideTheGraph(file.path, target),
      ...acrossWorkspaces(file.path, specifier, target, workspaces),
      ...undeclared(file.path, specifier, target, workspaces),
    ].map((message) => ({ place: `${file.path}:${line}`, message: `imports ${specifier}: ${message}` }));
  });
}

function brokenRules(path: string, target: string, typeOnly: boolean): string[] {
  return directionRules.flatMap((rule) => {
    const match = rule.from.exec(path);
    if (!match || (servesTests(path) && !rule.testsToo)) return [];
    const filled = (pattern: string): RegExp => new RegExp(pattern.replace(/\$(\d)/g, (_, group) => match[Number(group)] ?? ""));
    const allowed = [rule.unless, typeOnly ? rule.unlessTypes : undefined].filter((pattern) => pattern !== undefined);
    if (!filled(rule.to).test(target) || allowed.some((pattern) => filled(pattern).test(target))) return [];
    return [`${rule.name} (${rule.because})`];
  });
}

function outsideTheGraph(path: string, target: string): string[] {
  const [from, to] = [path, target].map((one) => /^packages\/([^/]+)/.exec(one)?.[1]);
  if (from === undefined || to === undefined || from === to) return [];
  const allowed = packageGraph[from];
  if (!allowed) return [`packages/${from} has no line in packageGraph (scripts/check/direction-rules.ts); say what it may import`];
  if (allowed.includes(to) || (servesTests(path) && packageGraphInTests[from]?.includes(to))) return [];
  return [`packages/${from} may import ${allowed.length === 0 ? "no other package" : allowed.join(", ")}`];
}

const workspaceOf = (path: string, workspaces: readonly Workspace[]): Workspace | undefined =>
  workspaces
    .filter((one) => one.folder === "" || path === one.folder || path.startsWith(`${one.folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)[0];

/** The root's scripts run generators, and the supervisor the console's build, by their path: those workspaces export neither. */
const byPath = /^(packages\/[^/]+\/generate\.ts|apps\/console\/build\.ts)$/;
/** Data at the top of the tree belongs to no workspace; tests read it where it lies. */
const data = /^(device-types|examples)\//;

function acrossWorkspaces(path: string, specifier: string, target: string, workspaces: readonly Workspace[]): string[] {
  if (!specifier.startsWith(".") || byPath.test(target) || (data.test(target) && servesTests(path))) return [];
  const [from, to] = [workspaceOf(path, workspaces), workspaceOf(target, workspaces)];
  return from === to || !to ? [] : [`a relative path leaves its workspace; import ${to.name} by its name`];
}

/** Files beside tests that use the tools of the root: generators, the console's build, what the tests of PostgreSQL share. */
const toolFile = /\/(generate|build)\.ts$|^runtime\/postgres\/(global-setup|template)\.ts$/;

function undeclared(path: string, specifier: string, target: string, workspaces: readonly Workspace[]): string[] {
  if (specifier.startsWith(".") || target.startsWith("node:")) return [];
  const name = packageName(specifier);
  const own = workspaceOf(path, workspaces);
  const top = workspaces.find((one) => one.folder === "");
  if (!own || own.name === name || own.dependencies.has(name)) return [];
  const tool = servesTests(path) || own === top || toolFile.test(path);
  if (tool && (own.devDependencies.has(name) || top?.devDependencies.has(name))) return [];
  return [`${name} is not declared in ${own.folder === "" ? "" : `${own.folder}/`}package.json`];
}

function readWorkspaces(files: readonly string[]): readonly Workspace[] {
  return files
    .filter((path) => /(^|\/)package\.json$/.test(path))
    .map((path) => {
      const manifest = JSON.parse(readSource(path)) as Record<string, unknown>;
      const names = (field: string): ReadonlySet<string> => new Set(Object.keys((manifest[field] as object | undefined) ?? {}));
      return {
        folder: path.replace(/\/?package\.json$/, ""),
        name: String(manifest["name"]),
        dependencies: names("dependencies"),
        devDependencies: names("devDependencies"),
      };
    });
}

export const directions: Check = {
  name: "directions",
  about: "imports go apps → modules → runtime → packages, and every package used is declared",
  async run() {
    const files = sourceFiles();
    const workspaces = readWorkspaces(files);
    return files.filter(isCode).flatMap((path) => {
      try {
        return directionProblems({ path, imports: importsOf(path, readSource(path)) }, workspaces);
      } catch (cause) {
        return [{ place: path, message: `does not parse: ${cause instanceof Error ? cause.message : String(cause)}` }];
      }
    });
  },
};
