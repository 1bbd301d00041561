import { Button, PasswordInput, TextInput } from "@mantine/core";
import { FailureNotice } from "@metersmith/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent, JSX } from "react";
import { signIn } from "./site-queries.ts";
import classes from "./sign-in-page.module.css";

/** Stands before every page while nobody is signed in; the address stays, so that signing in leads to what was asked for. */
export function SignInPage({ siteName, siteKind }: { readonly siteName: string; readonly siteKind: string }): JSX.Element {
  const queries = useQueryClient();
  const attempt = useMutation({ mutationFn: ({ email, password }: { email: string; password: string }) => signIn(queries, email, password) });

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === "string" ? value : "";
    };
    attempt.mutate({ email: text("email"), password: text("password") });
  };

  return (
    <main className={classes.page}>
      <title>Sign in · Metersmith</title>
      <form className={classes.form} onSubmit={submit}>
        <div>
          <p className={classes.product}>Metersmith · {siteKind}</p>
          <h1 className={classes.site}>{siteName}</h1>
        </div>
        {attempt.isError && <FailureNotice error={attempt.error} />}
        <TextInput name="email" type="email" label="E-mail address" autoComplete="username" required autoFocus />
        <PasswordInput name="password" label="Password" autoComplete="current-password" required visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }} />
        <Button type="submit" disabled={attempt.isPending}>Sign in</Button>
      </form>
    </main>
  );
}
