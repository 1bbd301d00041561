import { diagnostic } from "../../diagnostic.ts";

/** What the meter begins to say by itself reaches the head-end (I2FR8: logged). Value: attempts in a row that failed. */
export const headEnd = diagnostic({
  number: 18, id: "head-end", class: "informational", code: 8, manufacturer: true, when: "always",
  check: ({ links, settings }) => {
    const { headEnd: value } = links();
    return { failed: value >= settings.linkFailures, value, limit: settings.linkFailures };
  },
});
