import { ApiFailure, type ApiFailureCode } from "./api-failure.ts";
import { fieldsOf } from "./fields-of.ts";

/** Something that turns unknown data into `T` or throws: a zod schema of a module's contract. */
export interface Parser<T> {
  parse(data: unknown): T;
}

export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PUT";
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

const codes: ReadonlyMap<number, ApiFailureCode> = new Map([[401, "not-signed-in"], [403, "not-allowed"], [404, "not-found"]]);

const advice: Readonly<Record<ApiFailureCode, { title: string; detail: string }>> = {
  unreachable: { title: "The site does not answer", detail: "Check that it runs and that this computer has a network, then try again." },
  "not-signed-in": { title: "You are not signed in", detail: "Sign in again: your session ended." },
  "not-allowed": { title: "You may not do this", detail: "Ask who administers this site for a role that may." },
  "not-found": { title: "There is nothing at this address", detail: "It may have been removed, or the address is mistyped." },
  refused: { title: "The site refused this", detail: "It gave no reason." },
  "server-fault": { title: "The site failed", detail: "Try again. If it stays so, its log says why." },
  "unexpected-answer": { title: "The site answered in a way this page does not know", detail: "Reload the page: site and page may be of different versions." },
};

/**
 * Asks the site and parses its answer. Throws `ApiFailure` only, or the abort reason of `signal`.
 * A refusal carries the site's own words where it sent a problem document (RFC 9457).
 */
export async function callApi<T>(path: string, parser: Parser<T>, { method = "GET", body, signal }: ApiRequest = {}): Promise<T> {
  const response = await send(path, method, body, signal);
  const text = await response.text();
  if (!response.ok) throw failureOf(path, response.status, reasonIn(text));
  try {
    return parser.parse(text === "" ? null : JSON.parse(text));
  } catch (cause) {
    throw new ApiFailure("peer-data", "unexpected-answer", advice["unexpected-answer"].title, `${advice["unexpected-answer"].detail} (${path})`, { path }, cause);
  }
}

async function send(path: string, method: string, body: unknown, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: "same-origin",
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new ApiFailure("link", "unreachable", advice.unreachable.title, advice.unreachable.detail, { path }, cause);
  }
}

function failureOf(path: string, status: number, detail: string | undefined): ApiFailure {
  const code = codes.get(status) ?? (status >= 500 ? "server-fault" : "refused");
  const kind = status >= 500 ? "bug" : "peer-refused";
  return new ApiFailure(kind, code, advice[code].title, detail ?? advice[code].detail, { path, status });
}

/** What a problem document gives as `detail`; the sign-in service says `message` instead. */
function reasonIn(text: string): string | undefined {
  try {
    const said = fieldsOf(JSON.parse(text));
    const reason = said.get("detail") ?? said.get("message");
    return typeof reason === "string" && reason !== "" ? reason : undefined;
  } catch {
    return undefined;
  }
}
