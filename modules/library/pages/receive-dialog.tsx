import { Button } from "@mantine/core";
import { Dialog, FailureNotice, FileField, FormButtons, callApi, fileIn, readJsonFile } from "@metersmith/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { JSX } from "react";
import { libraryProgram } from "../api/contract.ts";

/** Takes in a program that came as a document from another site or from the terminal. */
export function ReceiveDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): JSX.Element {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const receiving = useMutation({
    mutationFn: async (file: File) => callApi("/api/v1/library-programs", libraryProgram, { method: "POST", body: await readJsonFile(file) }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ["/api/v1/library-programs"] });
      await navigate({ to: "/library/$id", params: { id } });
    },
  });
  const close = (): void => {
    receiving.reset();
    onClose();
  };

  return (
    <Dialog title="Take in a program" open={open} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const file = fileIn(new FormData(event.currentTarget), "document");
          if (file !== undefined) receiving.mutate(file);
        }}
      >
        <FileField name="document" label="Program document" hint="As the author's site saves it. It is built again here from its parameters and kept only when its digest is the same." />
        {receiving.isError && <FailureNotice error={receiving.error} />}
        <FormButtons>
          <Button variant="default" size="xs" onClick={close}>Cancel</Button>
          <Button type="submit" size="xs" disabled={receiving.isPending}>Take in</Button>
        </FormButtons>
      </form>
    </Dialog>
  );
}
