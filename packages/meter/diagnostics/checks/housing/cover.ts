import { diagnostic } from "../../diagnostic.ts";

/** The cover is on. Value: 1 where it is open. */
export const cover = diagnostic({
  number: 15, id: "cover", class: "safety", code: 47, flag: "TAMPER_DETECT", when: "always",
  check: ({ housing }) => {
    const { coverOpen } = housing();
    return { failed: coverOpen, value: Number(coverOpen), limit: 0 };
  },
});
