import type { JSX } from "react";
import { absoluteTime, relativeTime } from "./relative-time.ts";
import { useNow } from "./use-now.ts";

/** A time relative to now, kept current; UTC and local time on hover. `at` is an ISO 8601 instant. */
export function TimeText({ at }: { readonly at: string }): JSX.Element {
  const now = useNow();
  const instant = Date.parse(at);
  if (Number.isNaN(instant)) return <span>{at}</span>;
  return (
    <time dateTime={at} title={absoluteTime(instant)}>
      {relativeTime(instant, now)}
    </time>
  );
}
