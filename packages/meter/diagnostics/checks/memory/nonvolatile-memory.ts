import { diagnostic } from "../../diagnostic.ts";

/** No record was found damaged at power up, and none failed to be written since; procedure 7 forgives both. Value: 1 where one did. */
export const nonVolatileMemory = diagnostic({
  number: 3, id: "nonvolatile-memory", class: "service", critical: true, code: 41, flag: "NONVOL_MEM_FAILURE", when: "always",
  check: ({ memoryFailed }) => {
    const failed = memoryFailed();
    return { failed, value: Number(failed), limit: 0 };
  },
});
