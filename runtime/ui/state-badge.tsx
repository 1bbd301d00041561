import type { JSX } from "react";
import { Icon } from "./icon.tsx";
import classes from "./state-badge.module.css";

/** The six kinds of state. Every state word of the product belongs to one of them. */
export type StateKind = "done" | "running" | "waiting" | "attention" | "failed" | "off";

export interface StateFacts {
  readonly kind: StateKind;
  /** One or two words, in the field's terms. */
  readonly word: string;
  /** What a waiting state waits for, or why it failed. */
  readonly detail?: string | undefined;
}

/** A state as a word, an icon and a colour; the detail follows in quiet text. On one `line` (a row of a list) it is cut, with the whole as title. */
export function StateBadge({ state, line = false }: { readonly state: StateFacts; readonly line?: boolean }): JSX.Element {
  return (
    <span className={classes.badge} data-kind={state.kind} data-line={line} title={line ? state.detail : undefined}>
      <Icon name={state.kind} size={14} />
      <span className={classes.word}>{state.word}</span>
      {state.detail !== undefined && <span className={classes.detail}>{state.detail}</span>}
    </span>
  );
}
