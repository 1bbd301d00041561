import { diagnostic } from "../../diagnostic.ts";

const day = 86_400;

/** The clock was set within the time that the settings say. A clock that was never set is no failure of its source; CLOCK_ERROR says so without it. Value: days; detail: none. */
export const timeSource = diagnostic({
  number: 6, id: "time-source", class: "billing", critical: true, code: 42, flag: "CLOCK_ERROR", followsNow: true, when: "always",
  check: ({ timeSync, settings }) => {
    const sync = timeSync();
    if (!sync || settings.timeSyncSeconds === 0) return undefined;
    return { failed: sync.secondsAgo > settings.timeSyncSeconds, value: Math.floor(sync.secondsAgo / day), limit: settings.timeSyncSeconds / day };
  },
});
