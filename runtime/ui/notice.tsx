import type { JSX, ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";
import { describeFailure } from "./api-failure.ts";
import classes from "./notice.module.css";

/** An empty place that invites: what will be here, and the one thing that fills it. */
export function Invitation({ icon, title, children }: { readonly icon: IconName; readonly title: string; readonly children: ReactNode }): JSX.Element {
  return (
    <div className={classes.invitation}>
      <Icon name={icon} size={28} />
      <p className={classes.title}>{title}</p>
      <div className={classes.body}>{children}</div>
    </div>
  );
}

/** A failure: what happened and what to do, with a way to try again. */
export function FailureNotice({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): JSX.Element {
  const { title, detail } = describeFailure(error);
  return (
    <div className={classes.failure} role="alert">
      <Icon name="failed" />
      <div>
        <p className={classes.title}>{title}</p>
        <p className={classes.body}>{detail}</p>
        {onRetry !== undefined && <button type="button" className={classes.retry} onClick={onRetry}>Try again</button>}
      </div>
    </div>
  );
}
