import { z } from "zod";

/** One line to the field: a concentrator, or in the demonstration a street of meters that answer directly. */
export const concentrator = z.object({
  name: z.string(),
  online: z.boolean(),
  /** Meters that it speaks for. */
  meters: z.number().int(),
  /** Since when it is online or away. */
  since: z.iso.datetime(),
});
export type Concentrator = z.infer<typeof concentrator>;
