/** Names of the cookie that carries a session; a prefix says whether it is for TLS only. */
const carriesSession = (pair: string): boolean => /^(__Secure-)?[\w-]+\.session_token=/.test(pair);

const pairsOf = (cookies: string): string[] => cookies.split(";").map((pair) => pair.trim());

/** How many cookies claim to carry a session. More than one: somebody has planted another beside it, and none is believed. */
export function sessionCookies(cookies: string | null | undefined, slug: string): number {
  return pairsOf(cookies ?? "").filter((pair) => carriesSession(pair) && pair.includes(`metersmith-${slug}.session_token=`)).length;
}

/** The cookies but for those that carry a session: a step of signing in knows no one who is signed in already. */
export function withoutSession(cookies: string): string {
  return pairsOf(cookies)
    .filter((pair) => !carriesSession(pair))
    .join("; ");
}
