import { createHash } from "node:crypto";
import { SiteError } from "@metersmith/site/problem";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { byAccount } from "../../rules/growing-delay.ts";
import { useCode } from "../../store/second-factors.ts";
import { backupCodes, newSecondFactor, plainDone, signInAnswer, signInCode, withPassword } from "../contract.ts";
import { signedIn } from "../signed-in.ts";
import { accepted, askEngine, type EngineAnswer } from "./engine-call.ts";
import { withoutSession } from "./session-cookie.ts";
import { byTriggers, type SignInContext } from "./sign-in-context.ts";
import { recordRefusal } from "./refusal-record.ts";

const signedInBody = z.object({ token: z.string(), user: z.object({ id: z.uuid(), email: z.string() }) });
const enabledBody = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });

/** The second step of signing in, and setting it up: codes by time (RFC 6238, six digits, 30 s) and backup codes, each good once. */
export function addSecondFactorRoutes({ server, auth, db, attempts, device, clock, work }: SignInContext): void {
  server.post(
    "/api/auth/sign-in/code",
    { config: { access: { open: true }, action: byTriggers }, schema: { body: signInCode, response: { 200: signInAnswer } } },
    async (request, reply) => {
      const { code } = request.body;
      const cookies = withoutSession(request.headers.cookie ?? "");
      request.headers.cookie = cookies;
      const good = await attempts.begin({ ip: request.ip, reply }, { what: "challenge", whom: cookies, delay: byAccount });
      const answer = await askEngine(auth, request, { method: "POST", path: /^\d+$/.test(code) ? "/two-factor/verify-totp" : "/two-factor/verify-backup-code", body: { code } });
      const proven = answer.status === 200 ? signedInBody.parse(answer.body) : undefined;
      if (proven && !(await useCode(db, proven.user.id, digestOf(code), clock.now()))) {
        await (await auth.$context).internalAdapter.deleteSession(proven.token);
        throw new SiteError(401, "code-refused", "This code was used already. Wait for the next one.");
      }
      if (answer.status === 401) await recordRefusal(work, request.ip);
      accepted(reply, answer);
      await good();
      if (proven && device.of(cookies, proven.user.email) === undefined) void reply.header("set-cookie", device.cookie(proven.user.email));
      return { done: true };
    },
  );

  /** Asked for with the password: who finds an open browser changes nothing here. */
  const byPassword = async (request: FastifyRequest, reply: FastifyReply, path: string, password: string): Promise<EngineAnswer> => {
    const good = await attempts.begin({ ip: request.ip, reply }, { what: "password", whom: signedIn(request).id, delay: byAccount });
    const answer = await askEngine(auth, request, { method: "POST", path, body: { password } });
    accepted(reply, answer);
    await good();
    actedOnSelf(request);
    return answer;
  };
  const own = (action: string) => ({ access: { signedIn: "person" }, action }) as const;

  server.post("/api/v1/me/second-factor", { config: own("second-factor.prepare"), schema: { body: withPassword, response: { 200: newSecondFactor } } }, async (request, reply) => {
    const { totpURI: uri, backupCodes: codes } = enabledBody.parse((await byPassword(request, reply, "/two-factor/enable", request.body.password)).body);
    return { uri, backupCodes: codes };
  });

  server.post("/api/v1/me/second-factor/confirm", { config: own("second-factor.confirm"), schema: { body: signInCode, response: { 200: plainDone } } }, async (request, reply) => {
    const good = await attempts.begin({ ip: request.ip, reply }, { what: "confirmation", whom: signedIn(request).id, delay: byAccount });
    accepted(reply, await askEngine(auth, request, { method: "POST", path: "/two-factor/verify-totp", body: request.body }));
    await good();
    await useCode(db, signedIn(request).id, digestOf(request.body.code), clock.now());
    actedOnSelf(request);
    return { done: true as const };
  });

  server.post("/api/v1/me/second-factor/remove", { config: own("second-factor.remove"), schema: { body: withPassword, response: { 200: plainDone } } }, async (request, reply) => {
    await byPassword(request, reply, "/two-factor/disable", request.body.password);
    return { done: true as const };
  });

  server.post("/api/v1/me/backup-codes", { config: own("backup-codes.make"), schema: { body: withPassword, response: { 200: backupCodes } } }, async (request, reply) =>
    backupCodes.parse((await byPassword(request, reply, "/two-factor/generate-backup-codes", request.body.password)).body),
  );
}

function actedOnSelf(request: FastifyRequest): void {
  const { id, email } = signedIn(request);
  request.acted({ kind: "person", id, name: email });
}

const digestOf = (code: string): string => createHash("sha256").update(code).digest("base64url");
