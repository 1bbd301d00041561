import type { Answer, SiteUnderTest } from "./site-under-test.ts";

/** A browser as far as cookies go: it keeps what it is given and sends it back. */
export interface CookieJar {
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** As it would send them now. */
  cookies(): string;
  /** Of the session, `name=value`; undefined while nobody is signed in. */
  session(): string | undefined;
  forget(): void;
}

export function cookieJar(under: SiteUnderTest): CookieJar {
  const kept = new Map<string, string>();
  const keep = (answer: Answer): Answer => {
    for (const cookie of [answer.headers["set-cookie"] ?? []].flat().map(String)) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/Max-Age=0/i.test(cookie)) kept.delete(name);
      else kept.set(name, value);
    }
    return answer;
  };
  const cookies = (): string => [...kept].map(([name, value]) => `${name}=${value}`).join("; ");
  const sent = (): Record<string, string> => (kept.size === 0 ? {} : { cookie: cookies() });
  return {
    post: async (path, body = {}, headers = {}) => keep(await under.as.anonymous.post(path, body, { ...sent(), ...headers })),
    get: async (path) => keep(await under.as.anonymous.ask("GET", path, undefined, sent())),
    delete: async (path) => keep(await under.as.anonymous.ask("DELETE", path, undefined, sent())),
    cookies,
    session: () => [...kept].map(([name, value]) => `${name}=${value}`).find((pair) => pair.includes("session_token=")),
    forget: () => kept.clear(),
  };
}
