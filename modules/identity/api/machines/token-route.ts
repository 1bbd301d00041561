import { createHash, randomBytes } from "node:crypto";
import { SiteError } from "@metersmith/site/problem";
import type { Principal } from "@metersmith/site/principal";
import { siteOrigin } from "@metersmith/site/origin";
import type { SiteServer } from "@metersmith/site/site-module";
import { decodeJwt } from "jose";
import { z } from "zod";
import { byAccount } from "../../rules/growing-delay.ts";
import { exchange, machineOf, type SigningMachine, signingMachine } from "../../store/machine-tokens.ts";
import type { IdentityTables } from "../../store/tables.ts";
import { askToken, givenToken } from "../contract.ts";
import type { SignInContext } from "../sign-in/sign-in-context.ts";
import { type Assertion, keyIdOf, verifiedAssertion } from "./assertion.ts";

export const TOKEN_SECONDS = 600;
const TOKEN = /^Bearer (msm_[A-Za-z0-9_-]{43})$/;
const PATH = "/api/auth/token";

const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** Gives a machine a token for what it signed (RFC 6749 §4.4, RFC 7523 §2.2). The only address that reads a form: it knows no cookie. */
export async function addTokenRoute(context: SignInContext): Promise<void> {
  const { attempts, clock, work } = context;
  await context.server.register(async (server: SiteServer) => {
    server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) => done(null, formOf(String(body))));
    server.post(
      PATH,
      { config: { access: { open: true }, action: { recordedBy: "the token's own transaction" } }, schema: { body: askToken, response: { 200: givenToken } } },
      async (request, reply) => {
        const { client_assertion: assertion, client_id: clientId } = request.body;
        const good = await attempts.begin({ ip: request.ip, reply }, { what: "machine", whom: `${request.ip} ${clientId ?? ""}`, delay: byAccount });
        const found = await signedBy(context, assertion, clientId);
        const token = `msm_${randomBytes(32).toString("base64url")}`;
        const now = clock.now();
        const times = { expiresAt: new Date(now + TOKEN_SECONDS * 1000), now };
        const taken =
          found &&
          (await work.act<IdentityTables, boolean>(
            { verb: "machine-token.make", from: request.ip, on: (made) => (made ? [{ kind: "machine", id: found.machine.id, name: found.machine.name }] : []) },
            (tx) => exchange(tx, found.machine, { jtiDigest: digestOf(found.jti), signedUntil: new Date(found.signedUntil), tokenDigest: digestOf(token), ...times }),
          ));
        if (!taken) throw new SiteError(401, "token-refused", "This machine, key or signature is not good here, or was used before.", { error: "invalid_client" });
        await good();
        return reply.header("cache-control", "no-store").send({ access_token: token, token_type: "Bearer", expires_in: TOKEN_SECONDS });
      },
    );
  });
}

/** A field that comes twice would mean one thing here and another elsewhere. */
function formOf(body: string): Record<string, string> {
  const fields = [...new URLSearchParams(body)];
  if (new Set(fields.map(([name]) => name)).size !== fields.length) throw new SiteError(400, "token-refused", "A field of the form comes twice.", { error: "invalid_request" });
  return Object.fromEntries(fields);
}

async function signedBy({ db, clock, config }: SignInContext, assertion: string, clientId: string | undefined): Promise<(Assertion & { machine: SigningMachine }) | undefined> {
  const kid = keyIdOf(assertion);
  const claimed = claimedMachine(assertion);
  if (kid === undefined || claimed === undefined || (clientId !== undefined && clientId !== claimed)) return undefined;
  const machine = await signingMachine(db, claimed, kid, clock.now());
  const origin = siteOrigin(config);
  const good = machine && (await verifiedAssertion(assertion, { machineId: machine.id, publicKey: machine.publicKey, audience: [origin, `${origin}${PATH}`], now: clock.now() }));
  return good && { ...good, machine };
}

/** Whom it claims to be from: enough to find the key that has to have signed it. */
function claimedMachine(assertion: string): string | undefined {
  try {
    return z.uuid().safeParse(decodeJwt(assertion).iss).data;
  } catch {
    return undefined;
  }
}

/** Which machine sent a request by its token; undefined where it carries none. Null where the token is not good. */
export async function machineSignedIn({ db, clock }: SignInContext, headers: Headers): Promise<Principal | null | undefined> {
  const authorization = headers.get("authorization");
  if (authorization === null) return undefined;
  const [, token] = TOKEN.exec(authorization) ?? [];
  return (token === undefined ? undefined : await machineOf(db, digestOf(token), clock.now())) ?? null;
}
