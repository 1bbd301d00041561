import { Button, TextInput } from "@mantine/core";
import { Dialog, DigestText, FailureNotice, FormButtons, TimeText, callApi } from "@metersmith/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { JSX } from "react";
import { invited, type InvitePerson } from "../api/contract.ts";
import { RoleChoice, rolesIn } from "./role-choice.tsx";

/** Invites a person. The token is shown once, here: whoever has it chooses the password. */
export function InviteDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): JSX.Element {
  const queries = useQueryClient();
  const inviting = useMutation({
    mutationFn: (body: InvitePerson) => callApi("/api/v1/people", invited, { method: "POST", body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["/api/v1/people"] }),
  });
  const close = (): void => {
    inviting.reset();
    onClose();
  };
  return (
    <Dialog title="Invite a person" open={open} onClose={close}>
      {inviting.data === undefined ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const text = (name: string): string => form.getAll(name).filter((value) => typeof value === "string").join("");
            inviting.mutate({ email: text("email"), name: text("name"), roles: rolesIn(form) });
          }}
        >
          <TextInput name="email" type="email" label="E-mail address" required maxLength={254} mb="sm" />
          <TextInput name="name" label="Name" required maxLength={100} mb="sm" />
          <RoleChoice held={[]} />
          {inviting.isError && <FailureNotice error={inviting.error} />}
          <FormButtons>
            <Button variant="default" size="xs" onClick={close}>Cancel</Button>
            <Button type="submit" size="xs" disabled={inviting.isPending}>Invite</Button>
          </FormButtons>
        </form>
      ) : (
        <>
          <p>Give this token to {inviting.data.person.name} and nobody else. It is not shown again. It ends <TimeText at={inviting.data.expiresAt} />.</p>
          <p><DigestText whole value={inviting.data.token} label="invitation token" /></p>
          <FormButtons><Button size="xs" onClick={close}>Done</Button></FormButtons>
        </>
      )}
    </Dialog>
  );
}
