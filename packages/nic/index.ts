export { NicError, type NicErrorCode } from "./nic-error.ts";
export { Arbiter, sessionRules, type SessionRule, type SessionSide } from "./arbitration/arbiter.ts";
export type { BoardAccess, BoardLevel } from "./configuration/board-session.ts";
export { answerWebRequest, problem, type WebClient } from "./configuration/configuration-interface.ts";
export type { WebRequest, WebResponse } from "./configuration/web-message.ts";
export { handOver, handoverSteps, type HandoverOptions, type HandoverReport, type HandoverStep } from "./handover/hand-over.ts";
