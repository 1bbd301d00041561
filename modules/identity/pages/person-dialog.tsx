import { Button, TextInput } from "@mantine/core";
import { Dialog, FailureNotice, FormButtons, callApi } from "@metersmith/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { JSX } from "react";
import { person, type Person } from "../api/contract.ts";
import { RoleChoice, rolesIn } from "./role-choice.tsx";

/** What is changed about a person: the roles, or whether they are let in. */
export interface PersonChange {
  readonly of: Person;
  readonly what: "roles" | "state";
}

/** Says what a change ends before it is made; the reason goes on record with it. */
export function PersonDialog({ change: { of, what }, onClose }: { readonly change: PersonChange; readonly onClose: () => void }): JSX.Element {
  const queries = useQueryClient();
  const state = of.state === "disabled" ? "active" : "disabled";
  const changing = useMutation({
    mutationFn: (form: FormData) => {
      const reason = form.getAll("reason").filter((value) => typeof value === "string").join("").trim();
      const body = { ...(what === "roles" ? { roles: rolesIn(form) } : { state }), ...(reason === "" ? {} : { reason }) };
      return callApi(`/api/v1/people/${of.id}/${what}`, person, { method: "PUT", body });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["/api/v1/people"] });
      onClose();
    },
  });
  const action = what === "roles" ? "Change roles" : state === "disabled" ? "Shut out" : "Let in";
  return (
    <Dialog title={`${action}: ${of.name}`} open onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          changing.mutate(new FormData(event.currentTarget));
        }}
      >
        {what === "roles" && <RoleChoice held={of.roles} />}
        <p>{what === "roles" ? "Other roles end every session of this person." : state === "disabled" ? `${of.email} cannot sign in any more until somebody lets them in again.` : `${of.email} can sign in again.`}</p>
        <TextInput name="reason" label="Reason" description="Goes on record. May be left empty." maxLength={500} mb="sm" />
        {changing.isError && <FailureNotice error={changing.error} />}
        <FormButtons>
          <Button variant="default" size="xs" onClick={onClose}>Cancel</Button>
          <Button type="submit" size="xs" disabled={changing.isPending}>{action}</Button>
        </FormButtons>
      </form>
    </Dialog>
  );
}
