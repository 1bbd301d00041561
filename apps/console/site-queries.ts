import { me, siteFacts } from "@metersmith/modules/identity/api/contract.ts";
import { ApiFailure, apiQuery, callApi } from "@metersmith/ui";
import type { QueryClient } from "@tanstack/react-query";

/** Which site this is; it does not change while a page is open. */
export const siteQuery = { ...apiQuery("/api/v1/site", siteFacts), staleTime: Infinity };

/** Who is signed in. Fails with `not-signed-in` where nobody is. */
export const meQuery = { ...apiQuery("/api/v1/me", me), staleTime: 60_000, retry: false };

const anything = { parse: (data: unknown): unknown => data };

/** Signs in by e-mail address and password; the site answers with a cookie. */
export async function signIn(queries: QueryClient, email: string, password: string): Promise<void> {
  try {
    await callApi("/api/auth/sign-in/email", anything, { method: "POST", body: { email, password } });
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.code !== "not-signed-in") throw error;
    throw new ApiFailure("input", "not-signed-in", "Not signed in", "E-mail address and password do not belong together. The first-run logins are shown where the site was started.", {}, error);
  }
  await queries.resetQueries();
}

/** Ends the session and forgets everything that was fetched in it. */
export async function signOut(queries: QueryClient): Promise<void> {
  await callApi("/api/auth/sign-out", anything, { method: "POST", body: {} });
  await queries.resetQueries();
}
