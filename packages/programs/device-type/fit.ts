import type { Calendar } from "../calendar/calendar.ts";
import { minuteOfDay } from "../calendar/expand.ts";
import type { Finding } from "../finding.ts";
import { quantities } from "../parameters/quantity.ts";
import type { Parameters } from "../parameters/schema.ts";
import type { DeviceType } from "./device-type.ts";

/** What of the parameters the type cannot hold: each finding names the limit, what is wanted, what there is, and what to do. */
export function limitFindings(type: DeviceType, parameters: Parameters, calendar: Calendar): Finding[] {
  const findings: Finding[] = [];
  const refuse = (field: string, message: string): void => void findings.push({ severity: "error", field, message });
  const within = (field: string, what: string, wanted: number, table: number, limit: string, advice = ""): void => {
    const holds = type.dimension(table, limit);
    if (wanted > holds) refuse(field, `${wanted} ${what}; ${type.id} holds ${holds} (${limit.split(".").at(-1)}, table ${table})${advice === "" ? "" : `; ${advice}`}`);
  };
  within("calendar.seasons", "seasons", calendar.seasons.length, 51, "CALENDAR_FUNC.NBR_SEASONS");
  within("calendar.specialDays", "special schedules", parameters.calendar.specialDays.length, 51, "CALENDAR_FUNC.NBR_SPECIAL_SCHED");
  within("calendar.tiers", "tiers", parameters.calendar.tiers.length, 21, "NBR_TIERS");
  within("calendar.seasons", "starts of seasons", calendar.seasonStarts.length, 51, "NBR_RECURR_DATES");
  const switches = calendar.schedules.reduce((sum, schedule) => sum + schedule.switches.length, 0);
  within("calendar.schedules", "changes of tier in all schedules", switches, 51, "NBR_TIER_SWITCHES");
  const { first, last } = parameters.calendar.years;
  within("calendar.years", `dated entries (holidays, daylight saving) for ${first}–${last}`, calendar.dated.length, 51, "NBR_NON_RECURR_DATES", "cover fewer years");
  within("registers.energy", "energy registers", parameters.registers.energy.length, 21, "NBR_SUMMATIONS");
  within("registers.demand", "demand registers", parameters.registers.demand.length, 21, "NBR_DEMANDS");
  within("registers.demand", "demand registers", parameters.registers.demand.length, 11, "NBR_DEMAND_CTRL_ENTRIES");
  within("registers", "registers", parameters.registers.energy.length + parameters.registers.demand.length, 11, "NBR_SOURCES");
  stepFindings(type, parameters, refuse);
  registerFindings(type, parameters, refuse);
  return findings;
}

type Refuse = (field: string, message: string) => void;

function stepFindings({ id, files: { limits } }: DeviceType, { calendar, demand }: Parameters, refuse: Refuse): void {
  calendar.schedules.forEach(({ name, switches }, index) => {
    const field = `calendar.schedules[${index}].switches`;
    if (switches.length > limits.tierSwitchesPerDay) {
      refuse(field, `"${name}" changes tier ${switches.length} times a day; ${id} takes ${limits.tierSwitchesPerDay} (tierSwitchesPerDay, limits.json)`);
    }
    const odd = switches.find(({ at }) => minuteOfDay(at) % limits.tierSwitchStepMinutes !== 0);
    if (odd) refuse(field, `"${name}" changes tier at ${odd.at}; ${id} changes it at multiples of ${limits.tierSwitchStepMinutes} minutes (tierSwitchStepMinutes, limits.json)`);
  });
  if (demand && !limits.demandIntervalMinutes.includes(demand.intervalMinutes)) {
    refuse("demand.intervalMinutes", `${demand.intervalMinutes} minutes; ${id} averages over ${limits.demandIntervalMinutes.join(", ")} (demandIntervalMinutes, limits.json)`);
  }
}

function registerFindings({ id, files: { mapping } }: DeviceType, { registers }: Parameters, refuse: Refuse): void {
  const catalog = new Set(mapping.rules.flatMap((rule) => (rule.use === "registers" ? rule.catalog.map((entry) => entry.quantity) : [])));
  for (const kind of ["energy", "demand"] as const) {
    registers[kind].forEach((quantity, index) => {
      if (!catalog.has(quantity)) refuse(`registers.${kind}[${index}]`, `${id} does not measure ${quantity} (${quantities[quantity].unit}); it measures ${[...catalog].join(", ")}`);
    });
  }
}
