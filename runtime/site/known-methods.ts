import { SiteError } from "./problem.ts";
import type { SiteServer } from "./site-module.ts";

/** Which methods each address of the API answers to. Must be made before the routes. */
export interface KnownMethods {
  /** Those of an address; none where there is no route at all. */
  of(path: string): readonly string[];
}

export function knownMethods(server: SiteServer): KnownMethods {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook("onRoute", ({ method, url }) => void routes.push({ pattern: patternOf(url), methods: [method].flat() }));
  return { of: (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))].toSorted() };
}

/** `/api/v1/meters/:id/read` as a pattern; a parameter is one segment. */
function patternOf(url: string): RegExp {
  const escaped = url.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`);
}

export const methodNotAllowed = (method: string, allowed: readonly string[]): SiteError =>
  new SiteError(405, "method-not-allowed", `This address does not take ${method}; it takes ${allowed.join(", ")}.`, { allowed: allowed.join(", ") });
