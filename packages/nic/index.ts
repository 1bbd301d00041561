export { Arbiter, sessionRules, type SessionRule, type SessionSide } from "./arbitration/arbiter.ts";
