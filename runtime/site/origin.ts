import type { SiteConfig } from "./site-config.ts";

/** The address by which browsers and machines reach a site: the configured one, or this machine's own. Never what a request says. */
export function siteOrigin({ origin, port }: Pick<SiteConfig, "origin" | "port">): string {
  return origin === undefined ? `http://localhost:${port}` : new URL(origin).origin;
}
