import type { Finding } from "../finding.ts";
import type { UrdbRate } from "./urdb.ts";
import type { TariffFold } from "./fold.ts";
import { mostTiers } from "../calendar/calendar.ts";

/** What looks wrong or can be misread in a record, told to whoever imports it; the errors forbid going on. */
export function oddities(rate: UrdbRate, fold: TariffFold): Finding[] {
  const findings: Finding[] = [];
  const warn = (field: string, message: string): void => void findings.push({ severity: "warning", field, message });
  const { startdate, enddate } = rate;
  if (enddate !== undefined && startdate !== undefined && enddate < startdate) {
    warn("enddate", `the rate ends on ${utcDate(enddate)}, before it starts on ${utcDate(startdate)}; both are left out`);
  } else if (enddate !== undefined) {
    warn("enddate", `the rate ended on ${utcDate(enddate)}; make sure that it is still meant`);
  }
  const { flatdemandmonths, flatdemandstructure } = rate;
  if (flatdemandstructure && !flatdemandmonths) {
    warn("flatdemandmonths", "is missing; the monthly maximum demand is taken to count in every month");
  } else if (flatdemandmonths?.every((period) => period === 0)) {
    warn("flatdemandmonths", "is 0 in every month, which means price 0 of flatdemandstructure in every month, not that no demand is billed");
  }
  if (!rate.demandratestructure && !flatdemandstructure && /\bdemand\b/i.test(rate.basicinformationcomments ?? "")) {
    warn("basicinformationcomments", "speaks of demand, but the record prices none; no demand register is asked for because of it");
  }
  for (const season of fold.seasons) {
    if (season.tiers.length > mostTiers) {
      findings.push({
        severity: "error",
        field: "energyweekdayschedule",
        message: `the ${season.name} season (month ${season.months.join(", ")}) has ${season.tiers.length} pairs of energy and demand periods; table 54 knows ${mostTiers} tiers`,
      });
    }
  }
  return findings;
}

function utcDate(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().slice(0, 10);
}
