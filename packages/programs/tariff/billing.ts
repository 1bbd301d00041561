import type { RatePeriod, UrdbRate } from "./urdb.ts";

/** Something the tariff says that no meter does: it stays with billing, and is told, never dropped. */
export interface BillingNote {
  readonly field: string;
  readonly what: string;
}

/** Everything of the record that a program does not carry, in the order of the fields. */
export function staysInBilling(rate: UrdbRate): BillingNote[] {
  const notes: BillingNote[] = [];
  const note = (field: string, what: string): void => void notes.push({ field, what });
  prices(rate.energyratestructure, "energyratestructure", note);
  prices(rate.demandratestructure, "demandratestructure", note);
  prices(rate.flatdemandstructure, "flatdemandstructure", note);
  prices(rate.coincidentratestructure, "coincidentratestructure", note);
  if (rate.flatdemandstructure) note("flatdemandmonths", "which price of the monthly maximum demand holds in which month");
  if (rate.coincidentratestructure) note("coincidentratestructure", "demand at the time of the system's peak, which only billing knows afterwards");
  if (rate.demandratchetpercentage || rate.lookbackpercent !== undefined) note("demandratchetpercentage", "ratchet: billed demand that rests on earlier months");
  if (rate.peakkwcapacityhistory !== undefined) note("peakkwcapacityhistory", `eligibility by the demand of the last ${rate.peakkwcapacityhistory} months`);
  if (rate.demandreactivepowercharge !== undefined) note("demandreactivepowercharge", `price of reactive demand: ${rate.demandreactivepowercharge} a kvar`);
  for (const field of ["fixedmonthlycharge", "fixedchargefirstmeter", "fixedchargeeaaddl"] as const) {
    if (rate[field] !== undefined) note(field, `fixed charge: ${rate[field]} ${rate.fixedchargeunits ?? "$/month"}`);
  }
  if (rate.mincharge !== undefined) note("mincharge", `minimum charge: ${rate.mincharge} ${rate.minchargeunits ?? "$/month"}`);
  if (rate.dgrules !== undefined || rate.usenetmetering) note(rate.dgrules === undefined ? "usenetmetering" : "dgrules", `credit for generation: ${rate.dgrules ?? "net metering"}`);
  for (const field of ["energyattrs", "demandattrs", "fixedattrs"] as const) {
    rate[field]?.forEach((entry, index) => {
      for (const [name, value] of Object.entries(entry)) note(`${field}[${index}]`, `${name.trim()}: ${value}`);
    });
  }
  for (const field of ["energycomments", "demandcomments"] as const) {
    if (rate[field] !== undefined) note(field, `what the adjustments are made of: ${rate[field].replace(/\s+/g, " ").slice(0, 400)}`);
  }
  return notes;
}

function prices(structure: readonly RatePeriod[] | undefined, field: string, note: (field: string, what: string) => void): void {
  structure?.forEach((period, index) => {
    const first = period[0];
    const unit = first?.unit ?? (field === "energyratestructure" ? "kWh" : "kW");
    const parts = [`price ${first?.rate ?? 0}`];
    if (first?.adj !== undefined) parts.push(`adjustment ${first.adj}`);
    if (first?.sell !== undefined) parts.push(`credit for what is sold back ${first.sell}`);
    note(`${field}[${index}]`, `${parts.join(", ")} a ${unit}`);
    if (period.length > 1) {
      const bounds = period.map((block) => (block.max === undefined ? `beyond at ${block.rate ?? 0}` : `to ${block.max} at ${block.rate ?? 0}`));
      note(`${field}[${index}]`, `prices by volume (${unit}): ${bounds.join(", ")}`);
    }
  });
}
