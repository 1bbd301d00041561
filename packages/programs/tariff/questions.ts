import type { TariffFold } from "./fold.ts";
import type { UrdbRate } from "./urdb.ts";

/** Something that the record leaves open and a person must say. `answer` is the field of the answers file. */
export interface Question {
  readonly answer: string;
  readonly question: string;
  readonly why: string;
  readonly options?: readonly string[];
}

export function questionsOf(rate: UrdbRate, fold: TariffFold): Question[] {
  const questions: Question[] = [
    { answer: "program.code", question: "What is the program's short code?", why: "The meter keeps it in table 6, TARIFF_ID: up to 8 of A–Z, 0–9 and -." },
    { answer: "clock.zone", question: "In which time zone are the meters?", why: "The record names none. IANA name, such as America/Phoenix." },
    {
      answer: "clock.mode", question: "What does the meter's clock show?", why: "Many meters run standard time or UTC all year.",
      options: ["prevailing", "standard", "utc"],
    },
    {
      answer: "clock.tariffHours", question: "Are the tariff's hours prevailing time or standard time?", why: "The record gives hours only.",
      options: ["prevailing", "standard"],
    },
    { answer: "years", question: "Which years must the calendar cover?", why: "Holidays and daylight saving are dated entries, so the calendar has an end." },
    { answer: "holidays", question: "Which holidays does the tariff know, whose hours have they, and how are they observed on a weekend?", why: "The record carries no holidays. Say an empty list where there are none." },
  ];
  if (changesTier(fold)) {
    questions.push({ answer: "subHourEdges", question: "Do all changes of tier happen at a full hour?", why: "The record knows full hours only. Say an empty list where they do." });
  }
  if (fold.seasons.length > 1) {
    questions.push({ answer: "seasonStarts", question: "Do all seasons begin on the first of their month?", why: "The record knows full months only. Say an empty list where they do." });
  }
  if (billsDemand(rate) && rate.demandwindow === undefined) {
    questions.push({ answer: "demandIntervalMinutes", question: "Over how many minutes is demand averaged?", why: "The tariff bills demand and the record gives no demandwindow." });
  }
  return questions;
}

/** Whether any demand has a price or is metered for one. */
export function billsDemand(rate: UrdbRate): boolean {
  return rate.demandratestructure !== undefined || rate.flatdemandstructure !== undefined || rate.coincidentratestructure !== undefined;
}

function changesTier(fold: TariffFold): boolean {
  return fold.seasons.some((season) => [season.weekday, season.weekend].some((hours) => new Set(hours).size > 1));
}
