import { passkey } from "@better-auth/passkey";
import type { SiteContext } from "@metersmith/site/site-module";
import { siteOrigin } from "@metersmith/site/origin";
import { betterAuth, type GenericEndpointContext } from "better-auth";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { Kysely } from "kysely";
import { LONGEST, SHORTEST } from "../../rules/password-policy.ts";
import type { IdentityTables } from "../../store/tables.ts";
import { requireUserVerification } from "./user-verification.ts";

/** Set by our own routes from the socket, whatever a client sends under that name. */
export const CLIENT_ADDRESS = "x-metersmith-client-address";

/** A session ends so long after its last request, and so long after it began. Seconds. */
export const IDLE_SECONDS = 2 * 3600;
export const SESSION_SECONDS = 12 * 3600;
const REFRESHED_EVERY_SECONDS = 60;
/** What changes how somebody signs in asks for a sign-in that is not older. */
const FRESH_SECONDS = 3600;
const RECOVERY_SECONDS = 1800;

/** How passwords are kept. Tests take a cheaper one. */
export interface PasswordHashing {
  hash(password: string): Promise<string>;
  verify(data: { readonly hash: string; readonly password: string }): Promise<boolean>;
}

export interface EnginePorts {
  /** Sends the token by which a person sets a new password. */
  sendRecovery(person: { readonly email: string; readonly name: string }, token: string): Promise<void>;
  readonly hashing?: PasswordHashing;
}

const times = { createdAt: "created_at", updatedAt: "updated_at" } as const;

/**
 * `better-auth` over sign-in's own database connections, its tables under our names. Passwords are hashed by scrypt. Only our own routes
 * reach it: it is never mounted as a whole, and its own rate limits, which forget at a restart, are off for ours.
 */
export function signInEngine({ config, log }: Pick<SiteContext, "config" | "log">, db: Kysely<IdentityTables>, ports: EnginePorts) {
  const origin = siteOrigin(config);
  return betterAuth({
    appName: config.name,
    secret: config.sessionSecret,
    baseURL: origin,
    trustedOrigins: [origin, `http://127.0.0.1:${config.port}`],
    database: { db, type: "postgres", transaction: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { log: (level, message) => (level === "error" ? log.error : log.info)(`sign-in: ${message}`) },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST,
      maxPasswordLength: LONGEST,
      resetPasswordTokenExpiresIn: RECOVERY_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => ports.sendRecovery(user, token),
      ...(ports.hashing ? { password: ports.hashing } : {}),
    },
    user: {
      modelName: "person",
      fields: { emailVerified: "email_verified", ...times },
      additionalFields: { disabledAt: { type: "date", required: false, input: false, fieldName: "disabled_at" } },
    },
    session: {
      modelName: "login_session",
      fields: { userId: "person_id", expiresAt: "expires_at", ipAddress: "ip_address", userAgent: "user_agent", ...times },
      expiresIn: IDLE_SECONDS,
      updateAge: REFRESHED_EVERY_SECONDS,
      freshAge: FRESH_SECONDS,
    },
    account: {
      modelName: "login_account",
      // With a provider's tokens somebody acts as the person elsewhere: they are encrypted under the session secret.
      encryptOAuthTokens: true,
      fields: {
        userId: "person_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        ...times,
      },
    },
    // Tokens of recovery and challenges are kept as digests: who reads the table comes in by none.
    verification: { modelName: "login_verification", fields: { expiresAt: "expires_at", ...times }, storeIdentifier: "hashed" },
    databaseHooks: {
      // However somebody proves who they are: who is shut out gets no session.
      session: { create: { before: async ({ userId }, ctx) => (await mayComeIn(ctx, userId) ? undefined : false) } },
    },
    plugins: [
      twoFactor({
        issuer: config.name,
        schema: {
          user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
          twoFactor: {
            modelName: "second_factor",
            fields: { userId: "person_id", backupCodes: "backup_codes", failedVerificationCount: "failed_verification_count", lockedUntil: "locked_until" },
          },
        },
      }),
      passkey({
        rpName: config.name,
        rpID: new URL(origin).hostname,
        origin,
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        ...requireUserVerification,
        schema: {
          passkey: {
            fields: {
              userId: "person_id",
              publicKey: "public_key",
              credentialID: "credential_id",
              deviceType: "device_type",
              backedUp: "backed_up",
              createdAt: "created_at",
            },
          },
        },
      }),
    ],
    advanced: {
      // Two sites of one machine share the host name, and cookies know no ports.
      cookiePrefix: `metersmith-${config.slug}`,
      useSecureCookies: origin.startsWith("https:"),
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS] },
      database: { generateId: false },
    },
  });
}

async function mayComeIn(ctx: GenericEndpointContext | null, personId: string): Promise<boolean> {
  const person: object | null | undefined = await ctx?.context.internalAdapter.findUserById(personId);
  return person !== null && person !== undefined && "disabledAt" in person && person.disabledAt === null;
}

export type SignIn = ReturnType<typeof signInEngine>;
