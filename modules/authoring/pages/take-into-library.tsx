import { Button } from "@mantine/core";
import { FailureNotice, apiListQuery, callApi } from "@metersmith/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { JSX } from "react";
import { libraryProgram } from "../../library/api/contract.ts";
import type { ProgramDocument } from "../api/contract.ts";

const library = apiListQuery("/api/v1/library-programs", libraryProgram);

/** Takes the program into the library of the same site, where it is built again first; leads there where it is already. */
export function TakeIntoLibrary({ document, allowed }: { readonly document: ProgramDocument; readonly allowed: boolean }): JSX.Element | null {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const programs = useQuery(library);
  const taking = useMutation({
    mutationFn: () => callApi("/api/v1/library-programs", libraryProgram, { method: "POST", body: document }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: library.queryKey });
      await navigate({ to: "/library/$id", params: { id } });
    },
  });
  if (programs.data === undefined) return null;
  const there = programs.data.find(({ code, version, digest }) => code === document.code && version === document.version && digest === document.build.digest);
  if (there !== undefined) return <Link to="/library/$id" params={{ id: there.id }}>In the library</Link>;
  return (
    <>
      <Button size="xs" disabled={!allowed || taking.isPending} onClick={() => taking.mutate()}>Take into library</Button>
      {taking.isError && <FailureNotice error={taking.error} />}
    </>
  );
}
