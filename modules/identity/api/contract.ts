import { z } from "zod";

/** What a signed-in person may do here. */
export const me = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  permissions: z.array(z.string()),
});
export type Me = z.infer<typeof me>;

/** Which site this is, for people not yet signed in too. */
export const siteFacts = z.object({
  kind: z.enum(["manufacturer", "utility"]),
  name: z.string(),
  slug: z.string(),
  modules: z.array(z.string()),
  version: z.string(),
});
export type SiteFacts = z.infer<typeof siteFacts>;
