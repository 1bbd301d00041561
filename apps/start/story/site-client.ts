import type { Problem } from "@metersmith/site/problem";

/** A site said no, in its own words. */
export class SiteRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = "SiteRefusal";
    this.status = status;
    this.code = code;
  }
}

/** The most that a list gives at once. */
const PAGE_ITEMS = 1000;

/** Speaks to one site's public interface as one signed-in account, exactly as a browser or a script would. */
export class SiteClient {
  readonly #url: string;
  readonly #signal: AbortSignal;
  #cookies = "";

  /** `signal` ends whatever waits for an answer, with its reason. */
  constructor(url: string, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  async signIn(email: string, password: string): Promise<void> {
    const answer = await this.#send("POST", "/api/auth/sign-in/email", { email, password });
    if (!answer.ok) throw new SiteRefusal(answer.status, "sign-in", `${this.#url} did not accept the sign-in of ${email}`);
    this.#cookies = answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";", 1)[0])
      .join("; ");
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#ask("GET", path);
  }

  post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    return this.#ask("POST", path, body);
  }

  /** A list to its end, page by page. The path may carry a query. */
  async *pages<Item>(path: string): AsyncGenerator<readonly Item[]> {
    let after: string | null = null;
    do {
      const query = `limit=${PAGE_ITEMS}${after === null ? "" : `&after=${encodeURIComponent(after)}`}`;
      const page: { items: Item[]; after: string | null } = await this.get(`${path}${path.includes("?") ? "&" : "?"}${query}`);
      yield page.items;
      ({ after } = page);
    } while (after !== null);
  }

  async #ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.#send(method, path, body);
    const content: unknown = await answer.json();
    if (!answer.ok) {
      const problem = content as Partial<Problem>;
      throw new SiteRefusal(answer.status, problem.code ?? "refused", problem.detail ?? `${method} ${path} answered ${answer.status}`);
    }
    return content as Answer;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    try {
      return await fetch(new URL(path, this.#url), {
        method,
        signal: this.#signal,
        headers: { origin: new URL(this.#url).origin, cookie: this.#cookies, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      this.#signal.throwIfAborted();
      // `fetch` says only that it failed; the reason is in its cause.
      const { cause } = error as Error;
      throw new Error(`${this.#url} does not answer (${cause instanceof Error ? cause.message : String(error)})`, { cause: error });
    }
  }
}
