import { diagnostic } from "../../diagnostic.ts";

/** Every stored part of the program has the checksum that was noted when it was written. Value: parts that have not; detail: the first of them, a table. */
export const programChecksum = diagnostic({
  number: 1, id: "program-checksum", class: "billing", critical: true, code: 38, flag: "SELF_CHK_ERROR", when: "self-test",
  check: ({ programAreas }) => {
    const broken = programAreas().filter(({ whole }) => !whole);
    return { failed: broken.length > 0, value: broken.length, limit: 0, detail: broken[0]?.table ?? 0 };
  },
});
