import type { SiteContext } from "@metersmith/site/site-module";
import { betterAuth } from "better-auth";
import type { Kysely } from "kysely";
import type { IdentityTables } from "../store/tables.ts";

/** Set by our own routes from the socket, whatever a client sends under that name. */
export const CLIENT_ADDRESS = "x-metersmith-client-address";

/** `better-auth` over sign-in's own database connections, its tables under our names. Passwords are hashed by scrypt. */
export function signIn({ config, log }: Pick<SiteContext, "config" | "log">, db: Kysely<IdentityTables>) {
  return betterAuth({
    secret: config.sessionSecret,
    baseURL: `http://localhost:${config.port}`,
    trustedOrigins: [`http://localhost:${config.port}`, `http://127.0.0.1:${config.port}`],
    database: { db, type: "postgres", transaction: true },
    telemetry: { enabled: false },
    logger: { log: (level, message) => (level === "error" ? log.error : log.info)(`sign-in: ${message}`) },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 256 },
    user: { modelName: "person", fields: { emailVerified: "email_verified", createdAt: "created_at", updatedAt: "updated_at" } },
    session: {
      modelName: "login_session",
      fields: {
        userId: "person_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
    },
    account: {
      modelName: "login_account",
      fields: {
        userId: "person_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
    },
    verification: {
      modelName: "login_verification",
      fields: { expiresAt: "expires_at", createdAt: "created_at", updatedAt: "updated_at" },
    },
    advanced: {
      // Two sites of one machine share the host name, and cookies know no ports.
      cookiePrefix: `metersmith-${config.slug}`,
      useSecureCookies: false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS] },
      database: { generateId: false },
    },
  });
}

export type SignIn = ReturnType<typeof signIn>;
