import { z } from "zod";
import { deviceCurves } from "../curves/device-curves.ts";
import { relayCurves } from "../curves/relay-curves.ts";
import { openingReasons, type OpeningReason } from "../device/protection-setting.ts";

/** Of whatever must not be zero. */
const least = 1e-4;
const amperes = z.number().min(0).max(1e6);
const seconds = z.number().min(0).max(1e7);
const text = z.string().min(1).max(200);
const mostPoints = 60;

/** A curve that the study brings: rising multiples, times that never rise, and where they come from. */
const ownCurve = z
  .strictObject({ name: text, multiples: z.array(z.number().min(least).max(1e4)).min(2).max(mostPoints), seconds: z.array(z.number().min(least).max(1e7)).min(2).max(mostPoints), source: text })
  .refine(({ multiples, seconds: times }) => multiples.length === times.length, "has not as many seconds as multiples")
  .refine(({ multiples }) => multiples.every((multiple, index) => index === 0 || multiple > (multiples[index - 1] ?? 0)), "has multiples that do not rise")
  .refine(({ seconds: times }) => times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0)), "has times that rise");

const deviceCurve = z.union([z.enum(Object.keys(deviceCurves) as [keyof typeof deviceCurves, ...(keyof typeof deviceCurves)[]]), ownCurve]);
const relayCurve = z.enum(Object.keys(relayCurves) as [keyof typeof relayCurves, ...(keyof typeof relayCurves)[]]);

const pulses = z.array(z.strictObject({ multiple: z.number().min(least).max(100), seconds: seconds.min(least) })).max(10);
const impedance = z.strictObject({ r: z.number().min(0).max(1e4), x: z.number().min(0).max(1e4) });

const rating = z.strictObject({
  breakingAmperes: amperes.min(least), operatingSeconds: seconds.min(least).max(10), zeroAmperes: amperes, lostVolts: z.number().min(least).max(1000), bootSeconds: seconds.max(600),
  store: z.strictObject({ capacityJoules: z.number().min(least).max(1e6), movingJoules: z.number().min(least).max(1e6), chargingWatts: z.number().min(least).max(1e4), holdUpWatts: z.number().min(least).max(1e4) }),
});

const element = z
  .strictObject({ curve: relayCurve, pickupAmperes: amperes.min(least), dial: z.number().min(least).max(1e5), reset: z.union([z.literal("disk"), z.literal("at-once"), seconds]) })
  .refine(({ curve, reset }) => reset !== "disk" || "reset" in relayCurves[curve], "takes a reset of \"at-once\" or of seconds: this curve has no reset characteristic");

const rule = z.strictObject({ by: z.enum(["utility", "customer", "meter"]), afterSeconds: seconds, attempts: z.int().min(0).max(1000) });
const reclose = z
  .strictObject(Object.fromEntries(openingReasons.map((reason) => [reason, rule])) as Record<OpeningReason, typeof rule>)
  .refine(({ fault, command }) => fault.by === "utility" && command.by === "utility", "leaves a fault, or what the utility opened, to others than the utility");

const setting = z.strictObject({
  overcurrent: z.array(element).max(3),
  sectionalize: z
    .strictObject({
      actuatingAmperes: amperes.min(least), sensingSeconds: seconds, windowSeconds: seconds, shots: z.int().min(1).max(4), confirmSeconds: seconds, deadTimeSeconds: seconds.min(least),
      resetSeconds: seconds, inrush: z.strictObject({ factor: z.number().min(1).max(100), seconds }),
    })
    .optional(),
  limit: z.strictObject({ amperes: amperes.min(least), seconds, graceSeconds: seconds, releaseSeconds: seconds }).optional(),
  conditions: z
    .array(z.strictObject({ kind: z.enum(["high-voltage", "low-voltage", "high-temperature"]), threshold: z.number().min(least).max(1e4), release: z.number().min(least).max(1e4), seconds, action: z.enum(["report", "reduce", "open"]) })
      .refine(({ kind, threshold, release }) => (kind === "low-voltage" ? release >= threshold : release <= threshold), "has its release on the bad side of its threshold"))
    .max(8),
  reclose,
  settledSeconds: seconds,
});

/** A meter as it is built and set: the part of a study that a meter can be given alone. */
export const meterSchema = z.strictObject({ rating, setting });

/** What a protection study says, before defaults become values. Amperes at the device's own place, volts, ohms, seconds, kilovolt-amperes. */
export const studySchema = z.strictObject({
  format: z.literal("metersmith-protection-1"),
  title: text,
  interval: seconds.max(10).default(0.2),
  fuseShare: z.number().min(0.1).max(1).default(0.75),
  home: z.strictObject({ amperes: amperes.min(least), coldLoad: pulses }),
  breaker: z.strictObject({ ratedAmperes: amperes.min(least), curve: deviceCurve }),
  meter: meterSchema,
  transformer: z.strictObject({
    kva: z.number().min(least).max(1e5), primaryVolts: z.number().min(least).max(1e6), secondaryVolts: z.number().min(least).max(1e5), impedancePercent: z.number().min(least).max(50), reactanceShare: z.number().min(0).max(1),
    homes: z.int().min(1).max(40), inrush: pulses,
    protection: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("fuse"), ratedAmperes: amperes.min(least), minimumMelt: deviceCurve, totalClearing: deviceCurve.optional() }),
      /** A self-protected transformer: a breaker on its secondary side; the curve is its earliest opening, in multiples of its rating. */
      z.strictObject({ kind: z.literal("secondary-breaker"), ratedAmperes: amperes.min(least), earliest: deviceCurve }),
    ]),
  }),
  recloser: z.strictObject({
    tripAmperes: amperes.min(least), shots: z.array(deviceCurve).min(1).max(4), openSeconds: z.array(seconds.min(least)).max(3), resetSeconds: seconds.min(least), loadAmperes: amperes, transformers: z.int().min(1).max(1000),
  })
    .refine(({ shots, openSeconds }) => openSeconds.length === shots.length - 1, "has not one open interval between each two shots"),
  /** Ohms of the source and line up to the transformer, at primary voltage; of one service drop, both conductors, at secondary voltage. */
  line: z.strictObject({ source: impedance, drop: impedance }),
});

export type StudyFile = z.output<typeof studySchema>;
export type CurveOfStudy = z.output<typeof deviceCurve>;
