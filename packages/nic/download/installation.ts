import { handoverSteps, type HandoverReport } from "../handover/hand-over.ts";
import type { CardFacts } from "./card-facts.ts";

/** What a card says of how an installation ended: a `HandoverReport` as far as its words are of use elsewhere. */
export type Installation = Omit<HandoverReport, "status" | "image"> & {
  readonly image: { readonly digest: string };
  readonly status: Pick<HandoverReport["status"], "phase" | "outcome" | "activateAt" | "programId" | "programVersion">;
};

/** Throws `board-unreadable`. */
export function readInstallation(facts: CardFacts): Installation {
  return {
    outcome: facts.oneOf("outcome", ["confirmed", "scheduled", "refused"]),
    image: { digest: facts.text("image.digest") },
    octets: { total: facts.number("octets.total"), sent: facts.number("octets.sent") },
    firmware: { before: facts.number("firmware.before"), after: facts.number("firmware.after") },
    ...(facts.has("metrologyCheck") ? { metrologyCheck: facts.oneOf("metrologyCheck", ["passed", "not passed"]) } : {}),
    ...(facts.has("refusal")
      ? { refusal: { step: facts.oneOf("refusal.step", handoverSteps), code: facts.text("refusal.code"), place: facts.number("refusal.place"), result: facts.number("refusal.result") } }
      : {}),
    status: {
      phase: facts.text("status.phase"), outcome: facts.text("status.outcome"), activateAt: facts.number("status.activateAt"),
      programId: facts.text("status.programId"), programVersion: facts.number("status.programVersion"),
    },
  };
}
