import { daysInMonth } from "../calendar/civil-date.ts";
import { minuteOfDay } from "../calendar/expand.ts";
import { Zone, zoneYears } from "../calendar/zone.ts";
import { ProgramsError } from "../errors.ts";
import type { Finding } from "../finding.ts";
import { quantities, type Quantity } from "./quantity.ts";
import { businessFindings } from "./rules/business-rules.ts";
import type { Parameters } from "./schema.ts";

const mostYears = 30;

/**
 * What shape alone does not tell: references that lead nowhere, a day without a first tier, a clock that the tariff's hours
 * do not fit; and the rules of the business, which are data. Errors forbid a build; warnings are for the person who approves. What a device type can hold is `limitFindings`.
 */
export function validateParameters(parameters: Parameters): Finding[] {
  const findings: Finding[] = [];
  const error = (field: string, message: string): void => void findings.push({ severity: "error", field, message });
  checkYears(parameters, error);
  checkSchedules(parameters, error);
  checkSeasons(parameters, error);
  checkHolidays(parameters, error);
  checkRegisters(parameters, error);
  if (findings.length === 0) checkClock(parameters, findings);
  return [...findings, ...businessFindings(parameters)];
}

type Report = (field: string, message: string) => void;

function checkYears({ calendar: { years } }: Parameters, error: Report): void {
  if (years.last < years.first) error("calendar.years", `the last year ${years.last} is before the first ${years.first}`);
  else if (years.last - years.first >= mostYears) error("calendar.years", `${years.last - years.first + 1} years; at most ${mostYears}`);
}

function checkSchedules({ calendar }: Parameters, error: Report): void {
  calendar.schedules.forEach((schedule, index) => {
    const field = `calendar.schedules[${index}].switches`;
    const minutes = new Set<number>();
    schedule.switches.forEach(({ at, tier }, place) => {
      const minute = minuteOfDay(at);
      if (minutes.has(minute)) error(`${field}[${place}].at`, `the schedule "${schedule.name}" switches twice at ${at}`);
      minutes.add(minute);
      if (tier >= calendar.tiers.length) error(`${field}[${place}].tier`, `there is no tier ${tier}; the tiers are 0–${calendar.tiers.length - 1}`);
    });
    if (!minutes.has(0)) error(field, `the schedule "${schedule.name}" does not say the tier at 00:00`);
  });
}

function checkSeasons({ calendar }: Parameters, error: Report): void {
  const starts = new Map<string, string>();
  calendar.seasons.forEach((season, index) => {
    const field = `calendar.seasons[${index}]`;
    for (const key of ["weekday", "saturday", "sunday"] as const) {
      if (!calendar.schedules[season[key]]) error(`${field}.${key}`, `there is no schedule ${season[key]}`);
    }
    season.special.forEach((schedule, special) => {
      if (!calendar.schedules[schedule]) error(`${field}.special[${special}]`, `there is no schedule ${schedule}`);
    });
    if (season.special.length !== calendar.specialDays.length) {
      error(`${field}.special`, `${season.special.length} schedules for ${calendar.specialDays.length} special days`);
    }
    season.starts.forEach(({ month, day }, place) => {
      const at = `${field}.starts[${place}]`;
      // 2026 has no 29 February: a season that begins only in leap years is none.
      if (day > daysInMonth(2026, month)) error(at, `there is no day ${day} in month ${month} of every year`);
      const taken = starts.get(`${month}-${day}`);
      if (taken !== undefined) error(at, `"${season.name}" and "${taken}" start on the same day`);
      starts.set(`${month}-${day}`, season.name);
    });
  });
}

function checkHolidays({ calendar }: Parameters, error: Report): void {
  calendar.holidays.forEach((holiday, index) => {
    const field = `calendar.holidays[${index}]`;
    if (holiday.special >= calendar.specialDays.length) error(`${field}.special`, `there is no special day ${holiday.special}`);
    if (holiday.rule.kind === "fixed" && holiday.rule.day > daysInMonth(2028, holiday.rule.month)) {
      error(`${field}.rule.day`, `there is no day ${holiday.rule.day} in month ${holiday.rule.month}`);
    }
  });
}

function checkRegisters({ registers }: Parameters, error: Report): void {
  for (const kind of ["energy", "demand"] as const) {
    const seen = new Set<Quantity>();
    registers[kind].forEach((quantity, index) => {
      if (quantities[quantity].kind !== kind) error(`registers.${kind}[${index}]`, `${quantity} is no ${kind}`);
      if (seen.has(quantity)) error(`registers.${kind}[${index}]`, `${quantity} is listed twice`);
      seen.add(quantity);
    });
  }
}

function checkClock({ clock, calendar }: Parameters, findings: Finding[]): void {
  let years: ReturnType<typeof zoneYears>;
  try {
    years = zoneYears(new Zone(clock.zone), calendar.years.first, calendar.years.last);
  } catch (error) {
    if (!(error instanceof ProgramsError)) throw error;
    findings.push({ severity: "error", field: "clock.zone", message: error.message.replace(/^clock\.zone: /, "") });
    return;
  }
  const daylight = years.changes.length > 0;
  const fits = clock.mode === "utc" ? years.standardOffsetMinutes === 0 && (!daylight || clock.tariffHours === "standard") : !daylight || clock.mode === clock.tariffHours;
  if (!fits) {
    findings.push({
      severity: "error",
      field: "clock.mode",
      message: `the tariff's hours are ${clock.tariffHours} time of ${clock.zone} and the meter's clock would show ${clock.mode === "utc" ? "UTC" : `${clock.mode} time`}; ` +
        "hours are not moved from one clock to another: choose the clock that the tariff's hours are in",
    });
  }
  const [first] = years.changes;
  const other = years.changes.find((change) => change.minute !== first?.minute || change.amount !== first.amount);
  if (clock.mode === "prevailing" && first && other) {
    findings.push({
      severity: "error",
      field: "clock.zone",
      message: `${clock.zone} changes its clock at differing hours or by differing amounts (${first.date}, ${other.date}); table 53 holds one hour and one amount`,
    });
  }
}
