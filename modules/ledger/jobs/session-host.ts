import type { Clock } from "@metersmith/base/clock";
import type { Log } from "@metersmith/base/log";
import type { Work } from "@metersmith/site/work";
import type { LedgerNeeds } from "../needs.ts";
import type { SessionEnd } from "../store/progress.ts";

/** What a session is held with. */
export interface SessionHost extends LedgerNeeds {
  readonly work: Work;
  readonly clock: Clock;
  readonly log: Log;
}

/** How a session ended, before it is known when that was stored. */
export type Outcome = Omit<SessionEnd, "at">;
