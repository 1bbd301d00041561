import { callApi } from "@metersmith/ui";
import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { session, type Session } from "../../ledger/api/contract.ts";

export type MeterRequest = { readonly kind: "read" } | { readonly kind: "program"; readonly program: string };

/** Asks for a session with a meter. The session then shows in the lists by itself. */
export function useMeterRequest(meterId: string): UseMutationResult<Session, Error, MeterRequest> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: MeterRequest) =>
      callApi(`/api/v1/meters/${meterId}/${request.kind}`, session, { method: "POST", body: request.kind === "program" ? { program: request.program } : {} }),
    onSuccess: () => queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => typeof path === "string" && path.startsWith("/api/v1/sessions") }),
  });
}
