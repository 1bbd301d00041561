import { byId } from "@metersmith/site/listing";
import { notFound, SiteError } from "@metersmith/site/problem";
import type { FastifyReply, FastifyRequest } from "fastify";
import { byAccount } from "../../rules/growing-delay.ts";
import { listPasskeys, removePasskey } from "../../store/second-factors.ts";
import type { IdentityTables } from "../../store/tables.ts";
import { addPasskey, ownSignIn, plainDone, publicKeyOptions, signInByPasskey } from "../contract.ts";
import { signedIn } from "../signed-in.ts";
import { accepted, askEngine } from "./engine-call.ts";
import { beginSession, byTriggers, type SignInContext } from "./sign-in-context.ts";

/** Signing in by a passkey (WebAuthn Level 3), which stands for both factors, and one's own passkeys. */
export function addPasskeyRoutes({ server, auth, attempts }: SignInContext): void {
  const options = async (request: FastifyRequest, reply: FastifyReply, path: string): Promise<Record<string, unknown>> => {
    const answer = await askEngine(auth, request, { method: "GET", path });
    accepted(reply, answer);
    return publicKeyOptions.parse(answer.body);
  };

  server.post(
    "/api/auth/sign-in/passkey/options",
    { config: { access: { open: true }, action: byTriggers }, schema: { response: { 200: publicKeyOptions } } },
    // Only an authenticator that asks for a PIN or a finger is taken; the library's own default is milder.
    async (request, reply) => ({ ...(await options(request, reply, "/passkey/generate-authenticate-options")), userVerification: "required" }),
  );

  server.post(
    "/api/auth/sign-in/passkey",
    { config: { access: { open: true }, action: byTriggers }, schema: { body: signInByPasskey, response: { 200: plainDone } } },
    async (request, reply) => {
      const { credential } = request.body;
      const good = await attempts.begin({ ip: request.ip, reply }, { what: "passkey", whom: credential.id, delay: byAccount });
      await beginSession(auth, request, reply, async () => refusedAsPasskey(await askEngine(auth, request, { method: "POST", path: "/passkey/verify-authentication", body: { response: credential } })));
      await good();
      return { done: true as const };
    },
  );

  const own = { access: { signedIn: "person" } } as const;
  const change = (action: string) => ({ ...own, action }) as const;

  server.get("/api/v1/me/sign-in", { config: own, schema: { response: { 200: ownSignIn } } }, async (asked) => ownSignInOf(asked));

  server.post("/api/v1/me/passkeys/options", { config: change("passkey.prepare"), schema: { response: { 200: publicKeyOptions } } }, async (request, reply) => {
    const made = await options(request, reply, "/passkey/generate-register-options");
    actedOn(request);
    return made;
  });

  server.post("/api/v1/me/passkeys", { config: change("passkey.make"), schema: { body: addPasskey, response: { 200: ownSignIn } } }, async (request, reply) => {
    const { name, credential } = request.body;
    const body = { name, response: credential };
    accepted(reply, refusedAsPasskey(await askEngine(auth, request, { method: "POST", path: "/passkey/verify-registration", body })));
    actedOn(request, { passkey: name });
    return ownSignInOf(request);
  });

  server.delete("/api/v1/me/passkeys/:id", { config: change("passkey.remove"), schema: { params: byId, response: { 200: ownSignIn } } }, async (asked) => {
    const removed = await removePasskey(asked.tx<IdentityTables>(), signedIn(asked).id, asked.params.id);
    if (!removed) throw notFound("passkey");
    actedOn(asked, { passkey: asked.params.id });
    return ownSignInOf(asked);
  });
}

function actedOn(request: FastifyRequest, facts: Record<string, string> = {}): void {
  const { id, email } = signedIn(request);
  request.acted({ kind: "person", id, name: email, facts });
}

async function ownSignInOf(request: FastifyRequest): Promise<ReturnType<typeof ownSignIn.parse>> {
  return listPasskeys(request.tx<IdentityTables>(), signedIn(request).id);
}

type Answer = Awaited<ReturnType<typeof askEngine>>;

/** A challenge answered wrongly, late or twice; a session that is too old, or none, speaks for itself. */
function refusedAsPasskey(answer: Answer): Answer {
  const code = typeof answer.body === "object" && answer.body !== null && "code" in answer.body ? answer.body.code : undefined;
  if (answer.status < 400 || code === "SESSION_NOT_FRESH" || code === "UNAUTHORIZED") return answer;
  throw new SiteError(401, "passkey-refused", "This passkey was not accepted here. Begin again, or sign in another way.");
}
