import { Failure, type FailureKind } from "@metersmith/base/errors";

export type ApiFailureCode = "unreachable" | "not-signed-in" | "not-allowed" | "not-found" | "refused" | "server-fault" | "unexpected-answer";

/** Why a request to the site did not give what was asked for. `message` says it for people, as the site put it where it did (RFC 9457 `detail`). */
export class ApiFailure extends Failure<ApiFailureCode> {
  readonly title: string;

  constructor(kind: FailureKind, code: ApiFailureCode, title: string, message: string, context: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(kind, code, message, context, cause);
    this.title = title;
  }
}

/** What to show for anything that was thrown. */
export function describeFailure(error: unknown): { readonly title: string; readonly detail: string } {
  if (error instanceof ApiFailure) return { title: error.title, detail: error.message };
  return { title: "This page failed", detail: "Reload it. If that does not help, say what you did before to whoever runs this site." };
}
