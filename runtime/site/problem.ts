import { Failure, type FailureKind, isFailure } from "@metersmith/base/errors";
import type { Log } from "@metersmith/base/log";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";

/** Why a request was refused by the site itself. */
export type SiteErrorCode =
  | "sign-in-required"
  | "sign-in-refused"
  | "too-many-attempts"
  | "not-permitted"
  | "not-found"
  | "conflict"
  | "not-an-archive"
  | "foreign-origin"
  | "unknown-cursor"
  | "method-not-allowed"
  | "invitation-void"
  | "code-refused"
  | "password-refused"
  | "password-weak"
  | "recovery-void"
  | "sign-in-again"
  | "passkey-refused"
  | "token-refused";

export class SiteError extends Failure<SiteErrorCode> {
  readonly status: number;
  constructor(status: number, code: SiteErrorCode, message: string, context: Failure["context"] = {}) {
    super("input", code, message, context);
    this.status = status;
  }
}

export const notFound = (what: string): SiteError =>
  new SiteError(404, "not-found", `There is no ${what} at this address, or it is not yours to see.`);

const statusByKind: Readonly<Record<FailureKind, number>> = {
  input: 422,
  misuse: 400,
  "peer-data": 502,
  "peer-refused": 502,
  link: 504,
  bug: 500,
};

/** An error as RFC 9457 problem details. `code` is ours; `errors` lists fields where there are several. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly [fact: string]: unknown;
}

export function problemOf(error: unknown): Problem {
  if (isFailure(error)) {
    const { code, kind, message, context } = error;
    const status = error instanceof SiteError ? error.status : statusByKind[kind];
    return { type: "about:blank", title: code.replaceAll("-", " "), status, code, detail: message, ...context };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((issue) => ({
      field: issue.instancePath.replace(/^\//, "").replaceAll("/", ".") || "body",
      message: issue.message ?? "is not valid",
    }));
    const detail = errors.map((one) => `${one.field}: ${one.message}`).join("; ");
    return { type: "about:blank", title: "invalid request", status: 400, code: "invalid-request", detail, errors };
  }
  const status = (error as Partial<FastifyError>).statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return { type: "about:blank", title: "refused", status, code: "refused", detail: (error as Error).message };
  }
  return {
    type: "about:blank",
    title: "our fault",
    status: 500,
    code: "internal",
    detail: "Something went wrong on our side. Nothing of your request was half done. Try again; the site's log says more.",
  };
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const problem = problemOf(error);
  if (problem.status === 500) {
    const stack = error instanceof Error ? error.stack : String(error);
    log.error("request failed", { method: request.method, route: request.routeOptions.url, stack });
  }
  void reply.code(problem.status).type("application/problem+json").send(problem);
}
