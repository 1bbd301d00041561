import { useSyncExternalStore } from "react";

const stepMilliseconds = 10_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for everything on the page that shows a time; it runs only while something does. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, stepMilliseconds);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

// Rounded up to the step: stable between two ticks, and never before what has just happened.
const tick = (): number => Math.ceil(Date.now() / stepMilliseconds) * stepMilliseconds;

/** The browser's time in milliseconds since 1970 UTC, to ten seconds; draws again as it goes on. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, tick, tick);
}
