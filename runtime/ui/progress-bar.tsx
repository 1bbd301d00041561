import type { JSX } from "react";
import classes from "./progress-bar.module.css";

/** How far something is, with the step in words; `total` 0 means that it is not known how far. */
export function ProgressBar({ step, done, total }: { readonly step: string; readonly done: number; readonly total: number }): JSX.Element {
  return (
    <div className={classes.progress}>
      <progress className={classes.bar} aria-label={step} {...(total > 0 ? { value: done, max: total } : {})} />
      <span>{step}</span>
      {total > 0 && <span className={classes.count}>{done} of {total}</span>}
    </div>
  );
}
