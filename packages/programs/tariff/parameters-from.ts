import { minuteOfDay, timeOfDay } from "../calendar/expand.ts";
import { refusal } from "../errors.ts";
import { errorsAmong, type Finding } from "../finding.ts";
import { readShape } from "../json-file.ts";
import { quantities, type Quantity } from "../parameters/quantity.ts";
import { parametersSchema, type Parameters } from "../parameters/schema.ts";
import { validateParameters } from "../parameters/validate.ts";
import { answersSchema, type Answers } from "./answers.ts";
import type { FoldedSeason } from "./fold.ts";
import type { TariffImport } from "./import.ts";
import { billsDemand } from "./questions.ts";

/** `version`: of the program, counted by whoever keeps programs. `answersFile` names the answers in messages. */
export interface ParametersOptions {
  readonly version?: number;
  readonly answersFile?: string;
}

/**
 * A tariff and the answers to its questions become parameters, valid for any meter that can hold them.
 * Throws `tariff-invalid`, `answers-invalid` or `parameters-invalid`, each with the fields concerned.
 */
export function parametersFrom(tariff: TariffImport, answers: unknown, options: ParametersOptions = {}): Parameters {
  const errors = errorsAmong(tariff.findings);
  if (errors.length > 0) throw refusal("tariff-invalid", tariff.file, errors);
  const file = options.answersFile ?? `answers to ${tariff.file}`;
  const given = readShape(answersSchema, answers, file, "answers-invalid");
  const missing = tariff.questions.filter(({ answer }) => answer in answersSchema.shape && !(answer in given));
  const faults: Finding[] = missing.map(({ answer, question, why }) => ({ severity: "error", field: answer, message: `${question} ${why}` }));
  faults.push(...idleAnswers(tariff, given));
  if (faults.length > 0) throw refusal("answers-invalid", file, faults);

  const demand = demandOf(tariff, given);
  const made = {
    format: "metersmith-parameters-1",
    program: { code: given.program.code, name: tariff.name, version: options.version ?? 1 },
    tariff: { name: tariff.name, utility: tariff.utility, file: tariff.file.slice(-200), ...(tariff.record.uri === undefined ? {} : { uri: tariff.record.uri }) },
    clock: given.clock,
    calendar: calendarOf(tariff, given),
    registers: registersOf(tariff, given),
    ...(demand === undefined ? {} : { demand: { intervalMinutes: demand } }),
  };
  const parameters = readShape(parametersSchema, made, file, "parameters-invalid");
  const findings = errorsAmong(validateParameters(parameters));
  if (findings.length > 0) throw refusal("parameters-invalid", file, findings);
  return parameters;
}

/** Answers that change nothing are mistakes: a switch that is not there, a season that starts elsewhere. */
function idleAnswers(tariff: TariffImport, answers: Answers): Finding[] {
  const findings: Finding[] = [];
  const { seasons } = tariff.fold;
  answers.subHourEdges?.forEach(({ at, is, season }, index) => {
    const hour = Number(at.slice(0, 2));
    const meant = seasons.filter((one) => season === undefined || one.name === season);
    if (meant.length === 0) {
      findings.push({ severity: "error", field: `subHourEdges[${index}].season`, message: `there is no season "${season}"; there are ${seasons.map((one) => one.name).join(", ")}` });
    } else if (!meant.some((one) => [one.weekday, one.weekend].some((hours) => hour > 0 && hours[hour] !== hours[hour - 1]))) {
      findings.push({ severity: "error", field: `subHourEdges[${index}].at`, message: `no tier changes at ${at}` });
    }
    if (Math.abs(minuteOfDay(is) - hour * 60) >= 60) {
      findings.push({ severity: "error", field: `subHourEdges[${index}].is`, message: `${is} is an hour or more from ${at}; the record's own hour would be another one` });
    }
  });
  const firstMonths = new Set(seasons.flatMap(startMonths));
  answers.seasonStarts?.forEach(({ month }, index) => {
    if (!firstMonths.has(month)) findings.push({ severity: "error", field: `seasonStarts[${index}].month`, message: `no season begins in month ${month}` });
  });
  const window = tariff.record.demandwindow;
  if (window !== undefined && answers.demandIntervalMinutes !== undefined && answers.demandIntervalMinutes !== window) {
    findings.push({ severity: "error", field: "demandIntervalMinutes", message: `${answers.demandIntervalMinutes} minutes, but the tariff's demandwindow is ${window}` });
  }
  return findings;
}

/** Months in which a season begins: those whose month before is not of it. One season alone begins in January. */
function startMonths(season: FoldedSeason): number[] {
  if (season.months.length === 12) return [1];
  return season.months.filter((month) => !season.months.includes(month === 1 ? 12 : month - 1));
}

function calendarOf(tariff: TariffImport, answers: Answers): Parameters["calendar"] {
  const schedules: Parameters["calendar"]["schedules"] = [];
  const scheduleOf = (name: string, season: FoldedSeason, hours: readonly number[]): number => {
    const switches = switchesOf(season, hours, answers);
    const same = schedules.findIndex((one) => JSON.stringify(one.switches) === JSON.stringify(switches));
    return same >= 0 ? same : schedules.push({ name, switches }) - 1;
  };
  const holidays = answers.holidays.days;
  const seasons = tariff.fold.seasons.map((season) => {
    const weekday = scheduleOf(`${season.name} weekday`, season, season.weekday);
    const weekend = scheduleOf(`${season.name} weekend`, season, season.weekend);
    return {
      name: season.name,
      starts: startMonths(season).map((month) => ({ month, day: answers.seasonStarts?.find((start) => start.month === month)?.day ?? 1 })),
      weekday, saturday: weekend, sunday: weekend,
      // A record has the same hours on both days of the weekend, so that either way of running a holiday is the weekend's.
      special: holidays.length === 0 ? [] : [weekend],
    };
  });
  return {
    tiers: [...tariff.fold.tierNames],
    schedules,
    seasons,
    specialDays: holidays.length === 0 ? [] : ["holiday"],
    holidays: holidays.map(({ name, rule, observance }) => ({ name, rule, observance: observance ?? answers.holidays.observance, special: 0 })),
    years: answers.years,
  };
}

function switchesOf(season: FoldedSeason, hours: readonly number[], answers: Answers): { at: string; tier: number }[] {
  const switches: { at: string; tier: number }[] = [];
  hours.forEach((tier, hour) => {
    if (hour > 0 && tier === hours[hour - 1]) return;
    const whole = timeOfDay(hour * 60);
    const edge = hour === 0 ? undefined : answers.subHourEdges?.find(({ at, season: name }) => at === whole && (name === undefined || name === season.name));
    switches.push({ at: edge?.is ?? whole, tier });
  });
  return switches;
}

function registersOf(tariff: TariffImport, answers: Answers): Parameters["registers"] {
  const asked = new Set<Quantity>(["kWh-delivered"]);
  if (tariff.record.dgrules !== undefined || tariff.record.usenetmetering) asked.add("kWh-received");
  if (billsDemand(tariff.record)) asked.add("kW-delivered");
  if (tariff.record.demandreactivepowercharge !== undefined) asked.add("kvar-lagging");
  for (const quantity of answers.alsoMeasure ?? []) asked.add(quantity);
  const of = (kind: "energy" | "demand"): Quantity[] => [...asked].filter((quantity) => quantities[quantity].kind === kind);
  return { energy: of("energy"), demand: of("demand") };
}

function demandOf(tariff: TariffImport, answers: Answers): number | undefined {
  return tariff.record.demandwindow ?? answers.demandIntervalMinutes;
}
