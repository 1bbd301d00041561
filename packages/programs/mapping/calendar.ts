import { readCalendar } from "./calendar-reading.ts";
import { actionCode, endOfList, noSchedule, seasonCode } from "./calendar-codes.ts";
import type { FieldDraft } from "./field-draft.ts";
import { ProgramsError } from "../errors.ts";
import type { Primitive, WriteInput } from "./primitive.ts";
import type { RuleOf } from "./rules.ts";

/**
 * Table 54, with one Saturday, one Sunday and one weekday schedule in each season. Every field of it is set. Places left over: dates
 * say end of list, tier switches name a schedule that none is (255, ours), seasons and special schedules repeat the first season's
 * row, so that no number leads to an undefined schedule.
 */
export const calendar: Primitive<RuleOf<"calendar">> = {
  tables: () => [54],
  carries: () => ["calendar"],
  write(_, input, draft) {
    if (input.dimension(51, "TIME_FUNC_FLAG1.ANCHOR_DATE") || input.dimension(51, "TIME_FUNC_FLAG2.SEPARATE_WEEKDAYS")) {
      throw new ProgramsError("mapping-impossible", "table 51: calendars with an anchor date or a schedule for every day of the week are not mapped", { context: { table: 51 } });
    }
    writeDated(input, draft);
    writeSeasonStarts(input, draft);
    writeSwitches(input, draft);
    writeMatrix(input, draft);
  },
  read: (_, { tables, dimension }) => {
    const table = tables.get(54);
    return table ? { calendar: readCalendar(table, dimension) } : {};
  },
};

function writeDated({ calendar: { dated }, dimension }: WriteInput, draft: FieldDraft): void {
  for (let place = 0; place < dimension(51, "NBR_NON_RECURR_DATES"); place++) {
    const entry = dated[place];
    const from = entry === undefined ? "(unused)" : entry.action === "special" ? "calendar.holidays" : "clock.zone";
    const at = `NON_RECURR_DATES[${place}]`;
    draft.set(54, `${at}.NON_RECURR_DATE`, entry?.date ?? "", from);
    writeAction(draft, at, entry === undefined ? endOfList : actionCode(entry), from);
  }
}

function writeSeasonStarts({ calendar: { seasonStarts }, dimension }: WriteInput, draft: FieldDraft): void {
  for (let place = 0; place < dimension(51, "NBR_RECURR_DATES"); place++) {
    const start = seasonStarts[place];
    const from = start === undefined ? "(unused)" : `calendar.seasons[${start.season}].starts`;
    const at = `RECURR_DATES[${place}]`;
    draft.set(54, `${at}.RECURR_DATE.MONTH`, start?.month ?? 0, from);
    draft.set(54, `${at}.RECURR_DATE.OFFSET`, 0, from);
    draft.set(54, `${at}.RECURR_DATE.WEEKDAY`, 0, from);
    draft.set(54, `${at}.RECURR_DATE.DAY`, start?.day ?? 0, from);
    writeAction(draft, at, start === undefined ? endOfList : seasonCode(start.season), from);
  }
}

function writeAction(draft: FieldDraft, at: string, control: number, from: string): void {
  draft.set(54, `${at}.CALENDAR_ACTION.CALENDAR_CTRL`, control, from);
  draft.set(54, `${at}.CALENDAR_ACTION.DEMAND_RESET_FLAG`, false, from);
  draft.set(54, `${at}.CALENDAR_ACTION.SELF_READ_FLAG`, false, from);
}

function writeSwitches({ calendar: { schedules }, dimension }: WriteInput, draft: FieldDraft): void {
  const separate = dimension(51, "TIME_FUNC_FLAG2.SEPARATE_SUM_DEMANDS") === 1;
  const all = schedules.flatMap(({ switches }, schedule) => switches.map((change) => ({ ...change, schedule })));
  for (let place = 0; place < dimension(51, "NBR_TIER_SWITCHES"); place++) {
    const change = all[place];
    const from = change === undefined ? "(unused)" : `calendar.schedules[${change.schedule}].switches`;
    const at = `TIER_SWITCHES[${place}]`;
    draft.set(54, `${at}.TIER_SWITCH.NEW_TIER`, change?.tier ?? 0, from);
    if (separate) {
      draft.set(54, `${at}.TIER_SWITCH.SUMMATION_SWITCH_FLAG`, change !== undefined && change.applies !== "demand", from);
      draft.set(54, `${at}.TIER_SWITCH.DEMANDS_SWITCH_FLAG`, change !== undefined && change.applies !== "energy", from);
    }
    draft.set(54, `${at}.TIER_SWITCH.SWITCH_MIN`, (change?.minute ?? 0) % 60, from);
    draft.set(54, `${at}.TIER_SWITCH.SWITCH_HOUR`, Math.floor((change?.minute ?? 0) / 60), from);
    draft.set(54, `${at}.DAY_SCH_NUM`, change?.schedule ?? noSchedule, from);
  }
}

function writeMatrix({ calendar: { seasons }, dimension }: WriteInput, draft: FieldDraft): void {
  for (let place = 0; place < dimension(51, "CALENDAR_FUNC.NBR_SEASONS"); place++) {
    const season = seasons[place] ?? seasons[0];
    if (!season) return;
    const from = place < seasons.length ? `calendar.seasons[${place}]` : "(unused, as season 0)";
    const at = `DAILY_SCHEDULE_ID_MATRIX[${place}]`;
    draft.set(54, `${at}.SATURDAY_SCHEDULE`, season.saturday, `${from}.saturday`);
    draft.set(54, `${at}.SUNDAY_SCHEDULE`, season.sunday, `${from}.sunday`);
    draft.set(54, `${at}.WEEKDAY_SCHEDULE`, season.weekday, `${from}.weekday`);
    for (let special = 0; special < dimension(51, "CALENDAR_FUNC.NBR_SPECIAL_SCHED"); special++) {
      draft.set(54, `${at}.SPECIAL_SCHEDULE[${special}]`, season.special[special] ?? season.sunday, `${from}.special[${special}]`);
    }
  }
}
