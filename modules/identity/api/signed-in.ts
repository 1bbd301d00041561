import type { Principal } from "@metersmith/site/principal";
import { SiteError } from "@metersmith/site/problem";

/** Who sent the request. The guard has let nobody through to a route that is not open; the types cannot say so. */
export function signedIn({ principal }: { readonly principal: Principal | null }): Principal {
  if (!principal) throw new SiteError(401, "sign-in-required", "Sign in first.");
  return principal;
}
