import type { JSX } from "react";
import { absoluteTime } from "./relative-time.ts";
import { placeSpan, timelineDomain } from "./timeline-scale.ts";
import { useNow } from "./use-now.ts";
import classes from "./timeline.module.css";

export interface TimelineSpan {
  readonly id: string;
  /** Short, drawn in the bar: "v6". */
  readonly label: string;
  /** In full, for the title and for screen readers: "ET-2 version 6, read back". */
  readonly detail: string;
  /** ISO 8601 instants; `to` is null while it holds. */
  readonly from: string;
  readonly to: string | null;
}

export interface TimelineLane {
  readonly label: string;
  readonly spans: readonly TimelineSpan[];
}

/** What held from when to when, one lane for each kind of thing: `program ▬▬v5▬▬┃▬▬v6▬▬▶`. */
export function Timeline({ lanes }: { readonly lanes: readonly TimelineLane[] }): JSX.Element {
  const now = useNow();
  const instants = (span: TimelineSpan): { from: number; to: number | null } => ({ from: Date.parse(span.from), to: span.to === null ? null : Date.parse(span.to) });
  const domain = timelineDomain(lanes.flatMap((lane) => lane.spans.map(instants)), now);
  const wholeDays = domain.to - domain.from > 2 * 86_400_000;
  const edge = (at: number): string => (wholeDays ? new Date(at).toISOString().slice(0, 10) : `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`);
  return (
    <div className={classes.timeline}>
      {lanes.map((lane) => (
        <div key={lane.label} className={classes.lane}>
          <span className={classes.label}>{lane.label}</span>
          <ol className={classes.spans} aria-label={`${lane.label}, oldest first`}>
            {lane.spans.map((span) => {
              const { start, width } = placeSpan(instants(span), domain);
              const held = `${span.detail}, from ${absoluteTime(Date.parse(span.from))}${span.to === null ? " until now" : ` to ${absoluteTime(Date.parse(span.to))}`}`;
              return (
                <li key={span.id} className={classes.span} data-current={span.to === null} style={{ left: `${start}%`, width: `${width}%` }} title={held} tabIndex={0} aria-label={held}>
                  <span className={classes.text}>{span.label}</span>
                </li>
              );
            })}
          </ol>
        </div>
      ))}
      <div className={classes.edges} aria-hidden="true">
        <span>{edge(domain.from)}</span>
        <span>now</span>
      </div>
    </div>
  );
}
