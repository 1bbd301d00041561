import { FailureNotice, apiListQuery } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { role } from "../api/contract.ts";
import classes from "./role-choice.module.css";

/** Every role of the organization to tick; the form's `roles` gives the names. The site refuses what one may not give. */
export function RoleChoice({ held }: { readonly held: readonly string[] }): JSX.Element {
  const roles = useQuery(apiListQuery("/api/v1/roles", role));
  if (roles.isError) return <FailureNotice error={roles.error} onRetry={() => void roles.refetch()} />;
  return (
    <fieldset className={classes.roles} aria-busy={roles.isPending}>
      <legend>Roles</legend>
      {roles.data?.map(({ name, title }) => (
        <label key={name} className={classes.role}>
          <input type="checkbox" name="roles" value={name} defaultChecked={held.includes(name)} /> {title}
        </label>
      ))}
    </fieldset>
  );
}

/** The roles ticked in the form. */
export function rolesIn(form: FormData): string[] {
  return form.getAll("roles").filter((value) => typeof value === "string");
}
