import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { SiteConfig } from "@metersmith/site/site-config";
import { siteOrigin } from "@metersmith/site/origin";

/**
 * A cookie says that somebody has signed in with this account from this browser before. It lets nobody in. Attempts from a known device
 * are counted by the device and not by the account, so that who guesses elsewhere cannot keep the account's owner out (OWASP, "Slow Down
 * Online Guessing Attacks with Device Cookies").
 */
export interface KnownDevice {
  /** What names the device that sent these cookies, where it is known for this account. */
  of(cookies: string | undefined, email: string): string | undefined;
  /** The cookie that makes it known. */
  cookie(email: string): string;
}

const DAYS = 180;

export function knownDevice(config: Pick<SiteConfig, "slug" | "sessionSecret" | "origin" | "port">): KnownDevice {
  const name = `metersmith-${config.slug}.device`;
  const proof = (email: string, nonce: string): Buffer => createHmac("sha256", config.sessionSecret).update(`known device\n${email}\n${nonce}`).digest();
  return {
    of(cookies, email) {
      for (const [, nonce = "", given = ""] of (cookies ?? "").matchAll(new RegExp(`(?:^|; ?)${name}=([\\w-]{22})\\.([\\w-]{43})(?=;|$)`, "g"))) {
        if (timingSafeEqual(proof(email, nonce), Buffer.from(given, "base64url"))) return nonce;
      }
      return undefined;
    },
    cookie(email) {
      const nonce = randomBytes(16).toString("base64url");
      const secure = siteOrigin(config).startsWith("https:") ? "; Secure" : "";
      return `${name}=${nonce}.${proof(email, nonce).toString("base64url")}; Path=/api/auth; HttpOnly; SameSite=Lax; Max-Age=${DAYS * 86_400}${secure}`;
    },
  };
}
