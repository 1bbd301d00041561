import type { Clock } from "@metersmith/base/clock";

/** The longest delay of one timer of the platform, about 24.8 days; longer ones are waited for in parts. */
const longestDelay = 2 ** 31 - 1;

/** The machine's clock. A pending timer keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, fire) {
    let handle: NodeJS.Timeout;
    const wait = (left: number): void => {
      const part = Math.min(Math.max(0, left), longestDelay);
      handle = setTimeout(() => (left > part ? wait(left - part) : fire()), part);
    };
    wait(milliseconds);
    return { cancel: () => clearTimeout(handle) };
  },
};
