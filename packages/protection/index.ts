export { ProtectionError, type ProtectionErrorCode } from "./protection-error.ts";
export { leastAmperes, secondsAt, secondsAtMultiple, type CurveData, type TimedCurve } from "./curves/curve.ts";
export { relayCurves, type RelayCurveId } from "./curves/relay-curves.ts";
export { clearingAllowance, deviceCurves, type DeviceCurveId } from "./curves/device-curves.ts";
export { diskAtRest, turned, untilOperation, type Disk, type ElementCurve, type ResetRule } from "./curves/disk.ts";
export type { LineState } from "./device/line-state.ts";
export type { EnergyStore, SwitchRating } from "./device/switch-rating.ts";
export {
  openingReasons, utilityOnly, type LoadLimit, type OpeningReason, type ProtectionSetting, type RecloseRule, type SectionalizeSetting, type ServiceCondition,
} from "./device/protection-setting.ts";
export { initialState, keptAtFactory, type Kept, type Protection, type ProtectionState } from "./device/protection-state.ts";
export type { CloseRefusal, ProtectionEffect, ProtectionEventName, ProtectionInput } from "./device/protection-effect.ts";
export { protect, type Protected } from "./device/protect.ts";
export { readProtection, readStudy, type Study } from "./study/study.ts";
export { checkStudy, type StudyReport } from "./checks/check-study.ts";
export type { LeastMargin, Severity, StudyFinding } from "./checks/finding.ts";
export { runFeeder } from "./feeder/run-feeder.ts";
export type { FeederFault, FeederOutcome, FeederScenario, HomeOutcome } from "./feeder/scenario.ts";
export { sweepFeeder, type Sweep, type SweepRun } from "./feeder/sweep.ts";
export { studyPlot } from "./plot/study-plot.ts";
