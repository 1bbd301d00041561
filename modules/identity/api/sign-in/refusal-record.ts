import type { Subject } from "@metersmith/site/action";
import type { SiteContext } from "@metersmith/site/site-module";
import { refusedSubject } from "../../store/refusals.ts";
import type { IdentityTables } from "../../store/tables.ts";

/** A sign-in that was refused changes nothing; that it was tried goes on record all the same. One that was held back for its number does not. */
export async function recordRefusal(work: SiteContext["work"], from: string, email = ""): Promise<void> {
  await work.act<IdentityTables, Subject>({ verb: "session.refuse", from, on: (subject) => [subject] }, (tx) => refusedSubject(tx, email));
}
