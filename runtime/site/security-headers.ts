import type { FastifyReply } from "fastify";
import type { SiteConfig } from "./site-config.ts";
import type { SiteServer } from "./site-module.ts";

/** Nothing from elsewhere, nothing inline, nothing made from text, no framing. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Of what a page could ask of a browser, the console needs passkeys alone. */
const permissionsPolicy = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)";

const YEAR_SECONDS = 31_536_000;

/** What every answer carries, by name. */
export type SecurityHeaders = ReadonlyMap<string, string>;

export function securityHeaders({ origin }: Pick<SiteConfig, "origin">): SecurityHeaders {
  return new Map([
    ["content-security-policy", contentSecurityPolicy],
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "same-origin"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
    ["permissions-policy", permissionsPolicy],
    // Only where TLS is: over plain HTTP browsers ignore it, and on this machine there is no certificate.
    ...(origin?.startsWith("https:") ? [["strict-transport-security", `max-age=${YEAR_SECONDS}`] as const] : []),
  ]);
}

export function setSecurityHeaders(reply: FastifyReply, headers: SecurityHeaders): void {
  for (const [name, value] of headers) reply.header(name, value);
}

/** What the API says is for who asked, and nobody's cache. */
export function addSecurityHeaders(server: SiteServer, headers: SecurityHeaders): void {
  server.addHook("onSend", async (request, reply) => {
    setSecurityHeaders(reply, headers);
    if (request.url.startsWith("/api/") && !reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
}
