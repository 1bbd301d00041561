import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

/** What a session changes when it ends: what runs where, when a meter was last seen. */
const changed = ["/api/v1/associations", "/api/v1/meters"];

/**
 * Fetches again what a session changes as soon as its end is seen, rather than at the next calm look. `endedAt` is when the newest
 * session ended, null while none has, undefined while that is not known.
 */
export function useSessionEnd(endedAt: string | null | undefined): void {
  const queries = useQueryClient();
  const before = useRef(endedAt);
  useEffect(() => {
    const news = before.current !== undefined && typeof endedAt === "string" && endedAt !== before.current;
    if (endedAt !== undefined) before.current = endedAt;
    if (news) void queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => changed.some((start) => typeof path === "string" && path.startsWith(start)) });
  }, [queries, endedAt]);
}
