import { SiteError } from "@metersmith/site/problem";
import type { FastifyReply, FastifyRequest } from "fastify";
import { CLIENT_ADDRESS, SESSION_SECONDS, type SignIn } from "./engine.ts";

export interface EngineCall {
  readonly method: "GET" | "POST";
  /** Below `/api/auth`. */
  readonly path: string;
  readonly body?: unknown;
}

/** What `better-auth` answered. Its cookies are for the browser; its words and its body are not. */
export interface EngineAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly cookies: readonly string[];
}

/** A request's headers, with who sent it by its socket. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(name, value);
  for (const name of ["content-length", "content-type", "transfer-encoding"]) headers.delete(name);
  headers.set(CLIENT_ADDRESS, request.ip);
  return headers;
}

/** Asks `better-auth`, which speaks in `Request` and `Response`, on behalf of who sent a request. */
export async function askEngine(auth: SignIn, request: FastifyRequest, { method, path, body }: EngineCall): Promise<EngineAnswer> {
  const headers = headersOf(request);
  const content = method === "POST" ? { body: JSON.stringify(body ?? {}) } : {};
  if (method === "POST") headers.set("content-type", "application/json");
  const { baseURL } = await auth.$context;
  const answer = await auth.handler(new Request(`${baseURL}${path}`, { method, headers, ...content }));
  return answerOf(answer);
}

export async function answerOf(answer: Response): Promise<EngineAnswer> {
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text), cookies: answer.headers.getSetCookie().map(untilSessionEnds) };
}

/** The library lets the cookie live as long as a session without requests; one that is used lives on in the database, and so must its cookie. */
const untilSessionEnds = (cookie: string): string => (/^[^=]*session_token=[^;]/.test(cookie) ? cookie.replace(/Max-Age=[1-9]\d*/i, `Max-Age=${SESSION_SECONDS}`) : cookie);

/** Hands a good answer's cookies to the browser; any other becomes a refusal in our words. */
export function accepted(reply: FastifyReply, { status, body, cookies }: EngineAnswer): void {
  if (cookies.length > 0) void reply.header("set-cookie", cookies);
  if (status >= 300) throw refusalOf(status, codeOf(body));
}

const codeOf = (body: unknown): string => (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string" ? body.code : "");

type Refusal = ConstructorParameters<typeof SiteError>;

const refusals: Readonly<Record<string, Refusal>> = {
  INVALID_EMAIL_OR_PASSWORD: [401, "sign-in-refused", "E-mail address and password do not belong together."],
  FAILED_TO_CREATE_SESSION: [401, "sign-in-refused", "E-mail address and password do not belong together."],
  INVALID_CODE: [401, "code-refused", "The code is not the one that your device shows now."],
  INVALID_BACKUP_CODE: [401, "code-refused", "This is none of your backup codes, or it was used already."],
  INVALID_TWO_FACTOR_COOKIE: [401, "code-refused", "This sign-in has taken too long or ended already. Begin again with your password."],
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: [401, "code-refused", "Too many wrong codes. Begin again with your password."],
  ACCOUNT_TEMPORARILY_LOCKED: [429, "too-many-attempts", "Too many wrong codes for this account. Wait a quarter of an hour, then try again."],
  TOTP_ALREADY_ENABLED: [409, "conflict", "There is a second factor already. Remove it first."],
  TOTP_NOT_ENABLED: [409, "conflict", "There is no second factor. Set one up first."],
  BACKUP_CODES_NOT_ENABLED: [409, "conflict", "There is no second factor. Set one up first."],
  TWO_FACTOR_NOT_ENABLED: [409, "conflict", "There is no second factor. Set one up first."],
  INVALID_PASSWORD: [403, "password-refused", "This is not your present password."],
  INVALID_TOKEN: [410, "recovery-void", "This link was used already or has expired. Ask for another."],
  SESSION_NOT_FRESH: [403, "sign-in-again", "You signed in a while ago. Sign in again to change how you sign in."],
  UNAUTHORIZED: [401, "sign-in-required", "Sign in first."],
};

function refusalOf(status: number, code: string): SiteError {
  const known = refusals[code];
  if (known) return new SiteError(...known);
  if (status >= 400 && status < 500) return new SiteError(status === 404 ? 401 : status, "sign-in-refused", "The sign-in was not accepted. Begin again.");
  return new SiteError(500, "sign-in-refused", "The sign-in could not be looked at. Try again; the site's log says more.");
}
