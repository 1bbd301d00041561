export { ClientError, type ClientErrorCode } from "./client-error.ts";
export { MeterClient, type Connecting, type Credentials } from "./meter-client.ts";
export { inSession } from "./in-session.ts";
export type { Waiting, WriteProgress } from "./waiting.ts";
export type { LiveExpectation, PlannedClock, ProgramPlan, TableMask } from "./program-plan.ts";
export {
  programSteps,
  type LiveState, type ProgramFailure, type ProgramMismatch, type ProgramRefusal, type ProgramReport, type ProgramStep, type ReportStep, type WrittenRange,
} from "./program-report.ts";
export { programMeter } from "./program-meter.ts";
export type { ProgramOptions, ProgramProgress } from "./program-options.ts";
export { procedureResults, type ProcedureOutcome } from "./procedure-result.ts";
export type { ProcedureAnswer, ProcedureOptions, ProcedureReply } from "./run-procedure.ts";
export type { ReadingOptions, ReadingProgress } from "./visit/collector.ts";
export { readReadSoFar, readVisitPosition, type ReadSoFar, type VisitPosition } from "./visit/position.ts";
export { visitSet, type Visit } from "./visit/visit-set.ts";
export type { MeterEventRead } from "./visit/read-events.ts";
export type { BlockRead, ChannelStatus, IntervalFlag, IntervalRead, ProfileRead } from "./visit/profile-intervals.ts";
export type { ProfileChannelRead } from "./visit/profile-set.ts";
export { downloadEverything, type Download, type RefusedTable } from "./visit/download.ts";
export { acknowledge, type Acknowledged } from "./visit/acknowledge.ts";
