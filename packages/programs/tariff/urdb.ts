import { z } from "zod";

/**
 * The part of an OpenEI Utility Rate Database record (JSON) that a meter or its billing rests on.
 * Source: the fields observed in published records (CC0). Fields not named here are kept out. Hours and months are whole.
 */
const money = z.number().min(-1e6).max(1e6);
const text = z.string().max(20_000);
const attributes = z.array(z.record(z.string().max(200), z.union([z.string().max(500), z.number()]))).max(200);

const block = z.looseObject({
  rate: money.optional(),
  adj: money.optional(),
  sell: money.optional(),
  /** Where the block of volume ends, in `unit`. */
  max: z.number().min(0).optional(),
  unit: z.string().max(40).optional(),
});

const structure = z.array(z.array(block).min(1).max(30)).min(1).max(64);

/** Twelve months of twenty-four hours, each a period of the structure beside it. */
const schedule = z.unknown().transform((value, context): number[][] => {
  const fault = (path: number[], message: string): never => {
    context.addIssue({ code: "custom", path, message });
    return z.NEVER;
  };
  if (!Array.isArray(value)) return fault([], "expected 12 months of 24 hours");
  if (value.length !== 12) return fault([Math.min(value.length, 12)], `${value.length} months; expected 12`);
  const months: number[][] = [];
  for (let month = 0; month < 12; month++) {
    const hours: unknown = value[month];
    if (!Array.isArray(hours)) return fault([month], "expected 24 hours");
    if (hours.length !== 24) return fault([month, Math.min(hours.length, 24)], `the month has ${hours.length} hours; expected 24`);
    for (let hour = 0; hour < 24; hour++) {
      const period: unknown = hours[hour];
      if (typeof period !== "number" || !Number.isInteger(period) || period < 0 || period > 63) {
        return fault([month, hour], `expected the number of a period, found ${JSON.stringify(period)?.slice(0, 40) ?? "nothing"}`);
      }
    }
    months.push(hours as number[]);
  }
  return months;
});

const epochSeconds = z.number().min(-2e9).max(5e9);

export const urdbSchema = z.object({
  label: z.string().max(100).optional(),
  uri: z.url({ protocol: /^https?$/, error: "expected a web address" }).max(500).optional(),
  name: z.string().min(1).max(200),
  utility: z.string().min(1).max(200),
  sector: z.string().max(100).optional(),
  source: z.string().max(1000).optional(),
  description: text.optional(),
  basicinformationcomments: text.optional(),
  energycomments: text.optional(),
  demandcomments: text.optional(),
  startdate: epochSeconds.optional(),
  enddate: epochSeconds.optional(),
  energyratestructure: structure,
  energyweekdayschedule: schedule,
  energyweekendschedule: schedule,
  energyattrs: attributes.optional(),
  demandratestructure: structure.optional(),
  demandweekdayschedule: schedule.optional(),
  demandweekendschedule: schedule.optional(),
  demandrateunit: z.string().max(40).optional(),
  demandattrs: attributes.optional(),
  /** Minutes. */
  demandwindow: z.number().min(1).max(1440).optional(),
  demandreactivepowercharge: money.optional(),
  demandratchetpercentage: z.array(z.number()).max(12).optional(),
  lookbackpercent: z.number().optional(),
  flatdemandstructure: structure.optional(),
  flatdemandmonths: z.array(z.int().min(0).max(63)).length(12, "expected 12 months").optional(),
  coincidentratestructure: structure.optional(),
  fixedmonthlycharge: money.optional(),
  fixedchargefirstmeter: money.optional(),
  fixedchargeeaaddl: money.optional(),
  fixedchargeunits: z.string().max(40).optional(),
  fixedattrs: attributes.optional(),
  mincharge: money.optional(),
  minchargeunits: z.string().max(40).optional(),
  dgrules: z.string().max(100).optional(),
  usenetmetering: z.boolean().optional(),
  peakkwcapacityhistory: z.number().optional(),
}).superRefine((tariff, context) => {
  for (const kind of ["energy", "demand"] as const) {
    const periods = tariff[`${kind}ratestructure`]?.length;
    const weekday = tariff[`${kind}weekdayschedule`];
    const weekend = tariff[`${kind}weekendschedule`];
    const given = [periods, weekday, weekend].filter((part) => part !== undefined).length;
    if (given === 0) continue;
    for (const [field, part] of [[`${kind}ratestructure`, periods], [`${kind}weekdayschedule`, weekday], [`${kind}weekendschedule`, weekend]] as const) {
      if (part === undefined) context.addIssue({ code: "custom", path: [field], message: `is missing, while the other ${kind} fields are there` });
    }
    for (const [field, rows] of [[`${kind}weekdayschedule`, weekday], [`${kind}weekendschedule`, weekend]] as const) {
      rows?.forEach((hours, month) => hours.forEach((period, hour) => {
        if (period >= (periods ?? 64)) {
          context.addIssue({ code: "custom", path: [field, month, hour], message: `names period ${period}; ${kind}ratestructure has ${periods} (0–${(periods ?? 1) - 1})` });
        }
      }));
    }
  }
  tariff.flatdemandmonths?.forEach((period, month) => {
    const periods = tariff.flatdemandstructure?.length ?? 0;
    if (period >= periods) context.addIssue({ code: "custom", path: ["flatdemandmonths", month], message: `names period ${period}; flatdemandstructure has ${periods}` });
  });
});

export type UrdbRate = z.output<typeof urdbSchema>;
export type RatePeriod = UrdbRate["energyratestructure"][number];
