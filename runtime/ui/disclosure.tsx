import { useState, type JSX, type ReactNode } from "react";
import classes from "./disclosure.module.css";

/** A heading that opens what is long. What is inside is made when it is first opened, and stays. `aside` says how much it is. */
export function Disclosure({ title, aside, children }: { readonly title: ReactNode; readonly aside?: ReactNode; readonly children: ReactNode }): JSX.Element {
  const [opened, setOpened] = useState(false);
  return (
    <details className={classes.disclosure} onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary className={classes.summary}>
        <span className={classes.title}>{title}</span>
        {aside !== undefined && <span className={classes.aside}>{aside}</span>}
      </summary>
      {opened && <div className={classes.content}>{children}</div>}
    </details>
  );
}
