import { readSource, sourceFiles } from "../source-tree.ts";
import type { Check, Problem } from "./check.ts";

interface Declared {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

const fields = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "overrides"];
const exact = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/** What is wrong with the versions in all package.json files of the tree, given as text by path. */
export function versionProblems(manifests: ReadonlyMap<string, string>): readonly Problem[] {
  const declared = [...manifests].flatMap(([path, text]) => declaredIn(path, text));
  const firstOf = new Map<string, Declared>();
  return declared.flatMap((one): Problem[] => {
    if (!exact.test(one.version)) {
      return [{ place: one.path, message: `${one.name} "${one.version}" is a range; pin one exact version` }];
    }
    const first = firstOf.get(one.name) ?? one;
    firstOf.set(one.name, first);
    if (first.version === one.version) return [];
    return [{ place: one.path, message: `${one.name} is ${one.version} here and ${first.version} in ${first.path}` }];
  });
}

/** Workspaces whose dependencies the lockfile tells otherwise than their package.json: `npm ci` would refuse. */
export function lockProblems(manifests: ReadonlyMap<string, string>, lockfile: string): readonly Problem[] {
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, Record<string, unknown> | undefined> };
  const sorted = (value: unknown): string =>
    JSON.stringify(Object.entries((value as object | undefined) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...manifests].flatMap(([path, text]): Problem[] => {
    const manifest = JSON.parse(text) as Record<string, unknown>;
    const locked = packages[path.replace(/\/?package\.json$/, "")] ?? {};
    const differing = ["dependencies", "devDependencies", "optionalDependencies"].filter(
      (field) => sorted(manifest[field]) !== sorted(locked[field]),
    );
    if (differing.length === 0) return [];
    return [{ place: path, message: `package-lock.json tells its ${differing.join(" and ")} otherwise; run npm install --package-lock-only` }];
  });
}

function declaredIn(path: string, text: string): readonly Declared[] {
  const manifest = JSON.parse(text) as Record<string, Record<string, unknown> | undefined>;
  return fields.flatMap((field) =>
    Object.entries(manifest[field] ?? {}).map(([name, version]) => ({ path, name, version: String(version) })),
  );
}

export const versions: Check = {
  name: "versions",
  about: "every package.json pins exact versions, the same one everywhere, and the lockfile agrees",
  async run() {
    const paths = sourceFiles().filter((path) => /(^|\/)package\.json$/.test(path));
    const manifests = new Map(paths.map((path) => [path, readSource(path)]));
    return [...versionProblems(manifests), ...lockProblems(manifests, readSource("package-lock.json"))];
  },
};
