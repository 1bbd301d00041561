import { whyNotMount } from "./action.ts";
import type { Authenticator, RouteAccess } from "./principal.ts";
import { SiteError } from "./problem.ts";
import { refuseForeignOrigin } from "./same-origin.ts";
import type { SiteConfig } from "./site-config.ts";
import type { SiteServer } from "./site-module.ts";

/**
 * Puts a wall before every route: no route without a declared access, nobody without it. Must be added before the routes.
 * The authenticator is asked late because the module that provides it mounts routes itself.
 */
export function addGuard(server: SiteServer, config: Pick<SiteConfig, "origin">, authenticator: () => Authenticator | undefined): void {
  server.decorateRequest("principal", null);
  server.addHook("onRoute", (route) => {
    if (route.url.startsWith("/api/") && !route.config?.access) {
      throw new Error(`route ${String(route.method)} ${route.url} does not say who may use it`);
    }
    const access = route.config?.access;
    const why = access && whyNotMount(route.method, route.config?.action, "open" in access);
    if (why !== undefined) throw new Error(`route ${String(route.method)} ${route.url} ${why}`);
  });
  server.addHook("onRequest", async (request) => {
    const access: RouteAccess | undefined = request.routeOptions.config.access;
    if (!access) return;
    refuseForeignOrigin(request.method, request.headers, config);
    if ("open" in access) return;
    const principal = await authenticator()?.principalOf(new Headers([...headerPairs(request.headers)]));
    if (!principal) throw new SiteError(401, "sign-in-required", "Sign in first.");
    request.principal = principal;
    if ("signedIn" in access && access.signedIn === "person" && principal.kind !== "person") {
      throw new SiteError(403, "not-permitted", "This is about how people sign in. A machine's keys are its organization's to change.");
    }
    if ("permission" in access && !principal.permissions.has(access.permission)) {
      const roles = principal.roles.join(", ") || "no role";
      throw new SiteError(403, "not-permitted", `Your roles (${roles}) do not include “${access.permission}”. Ask an administrator.`, {
        permission: access.permission,
      });
    }
  });
}

function* headerPairs(headers: Readonly<Record<string, string | string[] | undefined>>): Generator<[string, string]> {
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") yield [name, value];
    else if (value) yield [name, value.join(", ")];
  }
}
