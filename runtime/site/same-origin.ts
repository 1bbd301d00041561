import type { IncomingHttpHeaders } from "node:http";
import { SiteError } from "./problem.ts";
import type { SiteConfig } from "./site-config.ts";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);
const OWN = new Set(["same-origin", "none"]);

/**
 * Refuses what another web site makes a browser send, whatever cookies come along; beside it stand the cookie's `SameSite` and that only JSON is
 * read. `Origin` comes with every write of a browser, `Sec-Fetch-Site` with everything that a current one sends. What carries neither is no
 * browser. Reading across sites is refused too, but for following a link.
 */
export function refuseForeignOrigin(method: string, headers: IncomingHttpHeaders, config: Pick<SiteConfig, "origin">): void {
  const from = headers["sec-fetch-site"];
  const writes = !READING.has(method);
  const follows = !writes && headers["sec-fetch-mode"] === "navigate";
  const foreign = (typeof from === "string" && !OWN.has(from) && !follows) || (writes && headers.origin !== undefined && !isOwn(headers.origin, headers.host, config));
  if (foreign) throw new SiteError(403, "foreign-origin", "This request came from another web site. Open the console and try there.");
}

function isOwn(origin: string, host: string | undefined, config: Pick<SiteConfig, "origin">): boolean {
  const asked = URL.parse(origin);
  if (config.origin !== undefined) return asked?.origin === new URL(config.origin).origin;
  return asked !== null && asked.host === host;
}
