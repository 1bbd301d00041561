import { ApiFailure } from "@metersmith/ui";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { meQuery } from "./site-queries.ts";

/** Only what may heal by itself is tried again: a lost link, a site that restarts. */
const mayHeal = (error: unknown): boolean => error instanceof ApiFailure && (error.code === "unreachable" || error.code === "server-fault");

export function makeQueryClient(): QueryClient {
  // A session that ended anywhere sends the person to the sign-in page, whichever request noticed it first.
  const notice = (error: unknown): void => {
    if (error instanceof ApiFailure && error.code === "not-signed-in" && client.getQueryData(meQuery.queryKey) !== undefined) void client.resetQueries({ queryKey: meQuery.queryKey });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    defaultOptions: { queries: { staleTime: 1000, retry: (count, error) => count < 3 && mayHeal(error) } },
  });
  return client;
}
