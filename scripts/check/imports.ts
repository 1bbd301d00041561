import { posix } from "node:path";
import { isBuiltin } from "node:module";
import { isNode, lineAt, parse, type SyntaxNode, textOf, visit } from "../syntax.ts";

export interface Import {
  /** As written: `./crc16.ts`, `@metersmith/base/bytes`, `node:fs`. */
  readonly specifier: string;
  readonly line: number;
  /** `import type …` and type expressions: erased before anything runs. */
  readonly typeOnly: boolean;
}

/** The specifier node of whatever can bring another module in: static, dynamic, type-only, re-export, `import("x").T`, `require`. */
function specifierOf(node: SyntaxNode): unknown {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return node["source"];
    case "TSExternalModuleReference":
      return node["expression"];
    case "CallExpression": {
      const callee = node["callee"];
      const words = node["arguments"];
      const isRequire = isNode(callee) && callee.type === "Identifier" && callee["name"] === "require";
      return isRequire && Array.isArray(words) ? words[0] : undefined;
    }
    default:
      return undefined;
  }
}

/** Every import of a file whose specifier is written out. Computed ones (`import(path)`) cannot be judged and are passed over. */
export function importsOf(path: string, text: string): readonly Import[] {
  const found: Import[] = [];
  visit(parse(path, text), (node) => {
    const specifier = textOf(specifierOf(node));
    if (specifier === undefined) return;
    const typeOnly = node.type === "TSImportType" || node["importKind"] === "type" || node["exportKind"] === "type";
    found.push({ specifier, line: lineAt(text, node.start), typeOnly });
  });
  return found;
}

/**
 * Where an import leads, in one notation: `node:fs` for the platform, `npm:react` for a package of the registry, and the
 * path in the tree for our own (`packages/base/bytes`, `modules/ledger/api/contract.ts`, `apps/console/build.ts`).
 */
export function targetOf(fromPath: string, specifier: string, ourPackages: ReadonlyMap<string, string>): string {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(fromPath), specifier);
  const name = packageName(specifier);
  const folder = ourPackages.get(name);
  if (folder !== undefined) return `${folder}${specifier.slice(name.length)}`;
  if (isBuiltin(specifier)) return specifier.startsWith("node:") ? specifier : `node:${specifier}`;
  return `npm:${name}`;
}

/** `@scope/name/sub/path` → `@scope/name`; `name/sub` → `name`. */
export function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
