import { dayNumber } from "../calendar/civil-date.ts";
import { dayOf, tierOn } from "../calendar/tier-at.ts";
import { expandCalendar, timeOfDay } from "../calendar/expand.ts";
import type { Calendar } from "../calendar/calendar.ts";
import { heldByNoTable } from "../mapping/one-way.ts";
import { isUnder, leafPaths, valueAt } from "../parameters/path.ts";
import { quantities, type Quantity } from "../parameters/quantity.ts";
import { groupNames, groupSchemas, type ParameterGroups, type Parameters } from "../parameters/schema.ts";
import type { ReadParameters } from "../mapping/primitive.ts";
import { parametersFromImages } from "../reverse/from-tables.ts";
import type { DeviceType } from "./device-type.ts";

const year = 2026;
const most = { seasons: 12, tiers: 8, specialDays: 12 } as const;

/**
 * A program that fills the type: as many seasons, tiers, special days and registers as it holds, the tiers changing within every day. Its hours mean nothing
 * to anybody; what comes back of it shows whether the mapping keeps things apart.
 */
export function trialProgram(type: DeviceType): Parameters {
  const seasons = Math.max(1, Math.min(most.seasons, type.dimension(51, "CALENDAR_FUNC.NBR_SEASONS"), type.dimension(51, "NBR_RECURR_DATES")));
  const tiers = Math.max(1, Math.min(most.tiers, type.dimension(21, "NBR_TIERS")));
  const specialDays = Math.min(most.specialDays, type.dimension(51, "CALENDAR_FUNC.NBR_SPECIAL_SCHED"), type.dimension(51, "NBR_NON_RECURR_DATES"));
  const schedules = dailySchedules(type, tiers);
  const number = (place: number): number => place % schedules.length;
  return {
    format: "metersmith-parameters-1",
    program: { code: "TRIAL-8C", name: "Trial of the device type", version: 0x0102 },
    tariff: { name: "Trial", utility: "", file: "trial" },
    clock: { mode: "standard", zone: "America/Phoenix", tariffHours: "standard" },
    calendar: {
      tiers: Array.from({ length: tiers }, (_, tier) => `tier ${tier + 1}`),
      schedules,
      seasons: Array.from({ length: seasons }, (_, season) => ({
        name: `season ${season + 1}`,
        starts: [{ month: 1 + Math.floor((season * 12) / seasons), day: 1 + season }],
        weekday: number(season), saturday: number(season + 1), sunday: number(season + 2),
        special: Array.from({ length: specialDays }, (_, special) => number(season + special + 3)),
      })),
      specialDays: Array.from({ length: specialDays }, (_, special) => `special day ${special + 1}`),
      holidays: Array.from({ length: specialDays }, (_, special) => ({ name: `special day ${special + 1}`, rule: { kind: "fixed", month: 1 + special, day: 15 }, observance: "actual", special })),
      years: { first: year, last: year },
    },
    registers: { energy: registersOf(type, "energy"), demand: registersOf(type, "demand") },
    ...groupsAsMade(type),
    ...(type.dimension(11, "NBR_DEMAND_CTRL_ENTRIES") === 0 ? {} : { demand: { intervalMinutes: type.files.limits.demandIntervalMinutes.at(-1) ?? type.files.defaults.demandIntervalMinutes } }),
  };
}

/** The other groups, each as the type's tables have it from the factory; what is whole only with something that no table holds is given that. */
function groupsAsMade(type: DeviceType): Partial<ParameterGroups> {
  const made = parametersFromImages(type, type.factoryImages);
  const groups = groupNames.flatMap((name) => {
    const part = made[name];
    const whole = groupSchemas[name].safeParse(name === "overcurrent" ? { study: "trial", ...part } : part);
    return part !== undefined && whole.success ? [[name, whole.data] as const] : [];
  });
  return Object.fromEntries(groups);
}

/** As many schedules, each of all tiers from another one on, as the meter's changes of tier give room for. */
function dailySchedules({ dimension, files: { limits } }: DeviceType, tiers: number): Parameters["calendar"]["schedules"] {
  const changes = Math.max(1, Math.min(tiers, limits.tierSwitchesPerDay));
  const step = Math.max(limits.tierSwitchStepMinutes, 60);
  const count = Math.max(1, Math.min(tiers + 3, Math.floor(dimension(51, "NBR_TIER_SWITCHES") / changes)));
  return Array.from({ length: count }, (_, schedule) => ({
    name: `schedule ${schedule + 1}`,
    switches: Array.from({ length: changes }, (_, change) => ({ at: timeOfDay(change === 0 ? 0 : step * (change + schedule)), tier: (schedule + change) % tiers })),
  }));
}

function registersOf(type: DeviceType, kind: "energy" | "demand"): Quantity[] {
  const { dimension, files: { mapping } } = type;
  const places = kind === "energy" ? dimension(21, "NBR_SUMMATIONS") : Math.min(dimension(21, "NBR_DEMANDS"), dimension(11, "NBR_DEMAND_CTRL_ENTRIES"));
  const taken = kind === "energy" ? 0 : registersOf(type, "energy").length;
  const catalog = mapping.rules.flatMap((rule) => (rule.use === "registers" ? rule.catalog.map(({ quantity }) => quantity) : []));
  return catalog.filter((quantity) => quantities[quantity].kind === kind).slice(0, Math.max(0, Math.min(places, dimension(11, "NBR_SOURCES") - taken)));
}

/** What did not come back as it was put in, in words; none where the mapping works both ways. */
export function roundTripFaults(parameters: Parameters, read: ReadParameters): readonly string[] {
  const faults: string[] = [];
  const same = (what: string, wanted: unknown, found: unknown): void => {
    if (JSON.stringify(wanted) !== JSON.stringify(found)) faults.push(`${what}: ${JSON.stringify(wanted)} came back as ${JSON.stringify(found)}`);
  };
  same("program.code", parameters.program.code, read.program?.code);
  same("program.version", parameters.program.version, read.program?.version);
  for (const kind of ["energy", "demand"] as const) same(`registers.${kind}`, parameters.registers[kind], read.registers?.[kind].filter((one) => one !== null));
  if (parameters.demand) same("demand.intervalMinutes", parameters.demand.intervalMinutes, read.demand?.intervalMinutes);
  for (const name of groupNames) {
    if (name === "demand" || !parameters[name]) continue;
    for (const path of leafPaths(parameters[name])) if (!heldByNoTable.some(({ parameter }) => isUnder(`${name}.${path}`, parameter))) same(`${name}.${path}`, valueAt(parameters[name], path), valueAt(read[name], path));
  }
  const fault = read.calendar === undefined ? "no table gave it back" : calendarFault(expandCalendar(parameters), read.calendar);
  if (fault !== undefined) faults.push(`calendar: ${fault}`);
  return faults;
}

function calendarFault(wanted: Calendar, found: Calendar): string | undefined {
  const minutes = new Set(wanted.schedules.flatMap(({ switches }) => switches.flatMap(({ minute }) => [minute, Math.max(0, minute - 1)])));
  for (let day = dayNumber(year, 1, 1); day < dayNumber(year + 1, 1, 1); day++) {
    const [asked, told] = [dayOf(wanted, day), dayOf(found, day)];
    if (asked.season !== told.season || asked.special !== told.special) return `on day ${day - dayNumber(year, 1, 1) + 1} of the year season ${asked.season}, special day ${asked.special} came back as season ${told.season}, special day ${told.special}`;
    for (const minute of minutes) {
      const [tier, back] = [tierOn(wanted, day, minute).tier, tierOn(found, day, minute).tier];
      if (tier !== back) return `on day ${day - dayNumber(year, 1, 1) + 1} of the year at ${timeOfDay(minute)} tier ${tier} came back as tier ${back}`;
    }
  }
  return undefined;
}
