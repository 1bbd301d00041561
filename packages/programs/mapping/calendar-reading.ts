import type { DecodedTable } from "@metersmith/tables";
import type { Calendar, DatedEntry, DaySchedule, Season, SeasonStart } from "../calendar/calendar.ts";
import { daysInMonth, parseIsoDate } from "../calendar/civil-date.ts";
import { ProgramsError } from "../errors.ts";
import { actionOf, endOfList, noSchedule } from "./calendar-codes.ts";
import { numberAt, textAt, unreadable, type Dimensions } from "./primitive.ts";

/**
 * The calendar that a meter's table 54 holds, by the meter's own dimensions. Names are numbers here (`season 1`): tables know none.
 * Seasons and special schedules that nothing selects are left out. It ends with the year of its last dated entry. What has no
 * meaning (a date that is none, a minute 63, a recurring date that is not a day of a month) is refused with its field.
 */
export function readCalendar(table: DecodedTable, dimension: Dimensions): Calendar {
  if (dimension(51, "TIME_FUNC_FLAG2.SEPARATE_WEEKDAYS")) {
    throw new ProgramsError("tables-unreadable", "table 51 asks for a schedule for every day of the week, whose order is unverified", { context: { table: 51, field: "TIME_FUNC_FLAG2.SEPARATE_WEEKDAYS" } });
  }
  const dated = readDated(table, dimension(51, "NBR_NON_RECURR_DATES"));
  const seasonStarts = readStarts(table, dimension(51, "NBR_RECURR_DATES"));
  const separate = dimension(51, "TIME_FUNC_FLAG2.SEPARATE_SUM_DEMANDS") === 1;
  const schedules = readSchedules(table, dimension(51, "NBR_TIER_SWITCHES"), separate);
  const seasonCount = 1 + Math.max(0, ...seasonStarts.map(({ season }) => season), ...dated.map((entry) => (entry.action === "season" ? entry.season : 0)));
  const specialCount = Math.max(0, ...dated.map((entry) => (entry.action === "special" ? entry.special + 1 : 0)));
  refuseBeyond(table, "season", seasonCount, dimension(51, "CALENDAR_FUNC.NBR_SEASONS"));
  refuseBeyond(table, "special schedule", specialCount, dimension(51, "CALENDAR_FUNC.NBR_SPECIAL_SCHED"));
  const seasons = Array.from({ length: seasonCount }, (_, index) => readSeason(table, index, specialCount));
  const used = 1 + Math.max(...seasons.flatMap((season) => [season.weekday, season.saturday, season.sunday, ...season.special]));
  for (let schedule = schedules.length; schedule < used; schedule++) schedules.push({ name: `schedule ${schedule + 1}`, switches: [] });
  const last = dated.at(-1);
  return { seasons, schedules, seasonStarts, dated, endsOn: last === undefined ? null : `${last.date.slice(0, 4)}-12-31` };
}

function readDated(table: DecodedTable, places: number): DatedEntry[] {
  const dated: DatedEntry[] = [];
  for (let place = 0; place < places; place++) {
    const at = `NON_RECURR_DATES[${place}]`;
    const code = numberAt(table, `${at}.CALENDAR_ACTION.CALENDAR_CTRL`);
    if (code === endOfList) break;
    const action = actionOf(code);
    if (!action) continue;
    const date = textAt(table, `${at}.NON_RECURR_DATE`);
    if (parseIsoDate(date) === undefined) throw unreadable(table.table, `${at}.NON_RECURR_DATE`, date, "a date");
    dated.push({ date, ...action });
  }
  return dated.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

function readStarts(table: DecodedTable, places: number): SeasonStart[] {
  const starts: SeasonStart[] = [];
  for (let place = 0; place < places; place++) {
    const at = `RECURR_DATES[${place}]`;
    const code = numberAt(table, `${at}.CALENDAR_ACTION.CALENDAR_CTRL`);
    if (code === endOfList) break;
    const action = actionOf(code);
    if (!action) continue;
    const [month, day, offset] = ["MONTH", "DAY", "OFFSET"].map((part) => numberAt(table, `${at}.RECURR_DATE.${part}`)) as [number, number, number];
    const plain = month >= 1 && month <= 12 && offset === 0 && day >= 1 && day <= daysInMonth(2028, month);
    if (!plain || action.action !== "season") {
      throw unreadable(table.table, at, table.get(`${at}.RECURR_DATE.MONTH`), "a season that starts on a day of a month; other recurring dates are unverified");
    }
    starts.push({ month, day, season: action.season });
  }
  return starts.sort((a, b) => a.month - b.month || a.day - b.day);
}

function readSchedules(table: DecodedTable, places: number, separate: boolean): DaySchedule[] {
  const found = new Map<number, DaySchedule["switches"][number][]>();
  for (let place = 0; place < places; place++) {
    const at = `TIER_SWITCHES[${place}]`;
    const schedule = numberAt(table, `${at}.DAY_SCH_NUM`);
    if (schedule === noSchedule) continue;
    const [hour, minute] = [numberAt(table, `${at}.TIER_SWITCH.SWITCH_HOUR`), numberAt(table, `${at}.TIER_SWITCH.SWITCH_MIN`)];
    if (hour > 23 || minute > 59) throw unreadable(table.table, `${at}.TIER_SWITCH`, `${hour}:${minute}`, "a time of day");
    const energy = !separate || numberAt(table, `${at}.TIER_SWITCH.SUMMATION_SWITCH_FLAG`) === 1;
    const demand = !separate || numberAt(table, `${at}.TIER_SWITCH.DEMANDS_SWITCH_FLAG`) === 1;
    if (!energy && !demand) continue;
    const switches = found.get(schedule) ?? [];
    switches.push({ minute: hour * 60 + minute, tier: numberAt(table, `${at}.TIER_SWITCH.NEW_TIER`), applies: energy && demand ? "both" : energy ? "energy" : "demand" });
    found.set(schedule, switches);
  }
  return Array.from({ length: found.size === 0 ? 0 : Math.max(...found.keys()) + 1 }, (_, index) => ({
    name: `schedule ${index + 1}`,
    switches: (found.get(index) ?? []).sort((a, b) => a.minute - b.minute),
  }));
}

function readSeason(table: DecodedTable, index: number, specials: number): Season {
  const at = `DAILY_SCHEDULE_ID_MATRIX[${index}]`;
  return {
    name: `season ${index + 1}`,
    weekday: numberAt(table, `${at}.WEEKDAY_SCHEDULE`),
    saturday: numberAt(table, `${at}.SATURDAY_SCHEDULE`),
    sunday: numberAt(table, `${at}.SUNDAY_SCHEDULE`),
    special: Array.from({ length: specials }, (_, special) => numberAt(table, `${at}.SPECIAL_SCHEDULE[${special}]`)),
  };
}

function refuseBeyond(table: DecodedTable, what: string, wanted: number, holds: number): void {
  if (wanted > holds) throw unreadable(table.table, "CALENDAR_ACTION.CALENDAR_CTRL", wanted - 1, `the number of a ${what} below ${holds}`);
}
