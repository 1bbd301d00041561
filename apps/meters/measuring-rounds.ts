import type { Clock, Timer } from "@metersmith/base/clock";
import type { Log } from "@metersmith/base/log";
import type { Meter } from "@metersmith/meter";

const second = 1000;
/** Every meter measures once in so many seconds: well within the shortest interval that one of them records (a minute at least). */
const round = 60;

/**
 * Lets every meter measure once a minute, some each second, so that what a meter has recorded is in its memory soon after an interval ended, whether anybody asks or
 * not. What the meters of one turn keep is kept `together`. Answers how to stop.
 */
export function startMeasuringRounds(meters: readonly Meter[], clock: Clock, log: Log, together: (work: () => void) => void = (work) => work()): () => void {
  let timer: Timer;
  let turn = 0;
  const measure = (): void => {
    for (let position = turn; position < meters.length; position += round) {
      try {
        meters[position]?.tick();
      } catch (error) {
        log.error("a meter failed", { serial: meters[position]?.serial, error });
      }
    }
  };
  const next = (): void => {
    // Where this fails the disk does: the process ends, for its meters believe to have kept what they have not.
    together(measure);
    turn = (turn + 1) % round;
    timer = clock.after(second, next);
  };
  timer = clock.after(second, next);
  return () => timer.cancel();
}
