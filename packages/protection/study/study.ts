import type { ZodType } from "zod";
import type { CurveData, TimedCurve } from "../curves/curve.ts";
import { clearingAllowance, deviceCurves } from "../curves/device-curves.ts";
import { relayCurves } from "../curves/relay-curves.ts";
import type { ProtectionSetting } from "../device/protection-setting.ts";
import type { Protection } from "../device/protection-state.ts";
import { ProtectionError } from "../protection-error.ts";
import { meterSchema, studySchema, type CurveOfStudy, type StudyFile } from "./study-schema.ts";

/** A circuit from a home to the recloser, with every device's curve over amperes at its own place. */
export interface Study extends Omit<StudyFile, "breaker" | "meter"> {
  readonly meter: Protection;
  /** Latest opening. */
  readonly breaker: TimedCurve;
  readonly upstream: UpstreamDevice;
  /** One curve a shot. */
  readonly shots: readonly TimedCurve[];
}

/** What protects the transformer. */
export interface UpstreamDevice {
  readonly kind: "fuse" | "secondary-breaker";
  readonly name: string;
  /** Earliest: minimum melt, or earliest opening. */
  readonly earliest: TimedCurve;
  readonly latest: TimedCurve;
  /** Share of the earliest time that others may use: a fuse is damaged before it melts. */
  readonly share: number;
  /** Amperes at the device for one at the secondary. */
  readonly perSecondaryAmpere: number;
}

/** Reads a study from JSON. @throws ProtectionError `study-invalid` with file and field; nothing else. */
export function readStudy(value: unknown, file = "study"): Study {
  return studyOf(parsed(studySchema, value, file));
}

/** Reads a meter's part of a study, `{rating, setting}`, alone. @throws ProtectionError `study-invalid` with file and field; nothing else. */
export function readProtection(value: unknown, file = "protection"): Protection {
  const { rating, setting } = parsed(meterSchema, value, file);
  return { rating, setting: settingOf(setting) };
}

function parsed<Output>(schema: ZodType<Output>, value: unknown, file: string): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue ? [...issue.path, ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])].map(String).join(".") : "";
  const what = issue?.code === "unrecognized_keys" ? "is no field of a study" : (issue?.message.replace(/^Invalid input: /, "") ?? "is no study");
  throw new ProtectionError("input", "study-invalid", `${file}: ${field === "" ? "" : `${field.slice(0, 120)}: `}${what}`, { file, field });
}

/** Overcurrent elements by the names of their curves become elements with curves. */
export function settingOf(setting: StudyFile["meter"]["setting"]): ProtectionSetting {
  const { overcurrent, sectionalize, limit, ...rest } = setting;
  return {
    ...rest,
    overcurrent: overcurrent.map(({ curve, ...element }) => ({ ...element, data: relayCurves[curve] })),
    ...(sectionalize ? { sectionalize } : {}),
    ...(limit ? { limit } : {}),
  };
}

function studyOf(file: StudyFile): Study {
  const { breaker, meter, recloser } = file;
  return {
    ...file,
    meter: { rating: meter.rating, setting: settingOf(meter.setting) },
    breaker: { data: curveOf(breaker.curve), pickupAmperes: breaker.ratedAmperes, dial: 1 },
    upstream: upstreamOf(file),
    shots: recloser.shots.map((curve) => ({ data: curveOf(curve), pickupAmperes: recloser.tripAmperes, dial: 1 })),
  };
}

function upstreamOf({ transformer, fuseShare }: StudyFile): UpstreamDevice {
  const { protection, primaryVolts, secondaryVolts } = transformer;
  if (protection.kind === "secondary-breaker") {
    const earliest = { data: curveOf(protection.earliest), pickupAmperes: protection.ratedAmperes, dial: 1 };
    return { kind: protection.kind, name: "the transformer's own breaker", earliest, latest: earliest, share: 1, perSecondaryAmpere: 1 };
  }
  const earliest = { data: curveOf(protection.minimumMelt), pickupAmperes: protection.ratedAmperes, dial: 1 };
  const latest = protection.totalClearing
    ? { data: curveOf(protection.totalClearing), pickupAmperes: protection.ratedAmperes, dial: 1 }
    : { ...earliest, pickupAmperes: protection.ratedAmperes * clearingAllowance.current, addedSeconds: clearingAllowance.arcSeconds };
  return { kind: "fuse", name: "transformer fuse", earliest, latest, share: fuseShare, perSecondaryAmpere: secondaryVolts / primaryVolts };
}

function curveOf(curve: CurveOfStudy): CurveData {
  return typeof curve === "string" ? deviceCurves[curve] : { form: "points", ...curve };
}
