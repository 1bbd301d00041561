export { ClientError, type ClientErrorCode } from "./client-error.ts";
export { MeterClient, type Credentials, type ProcedureAnswer, type Waiting, type WriteProgress } from "./meter-client.ts";
export type { LiveExpectation, PlannedClock, ProgramPlan, TableMask } from "./program-plan.ts";
export {
  programSteps,
  type LiveState, type ProgramFailure, type ProgramMismatch, type ProgramRefusal, type ProgramReport, type ProgramStep, type ReportStep, type WrittenRange,
} from "./program-report.ts";
export { programMeter, type ProgramOptions, type ProgramProgress } from "./program-meter.ts";
export { procedureResults } from "./procedure-result.ts";
