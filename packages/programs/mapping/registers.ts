import type { DecodedTable } from "@metersmith/tables";
import { ProgramsError } from "../errors.ts";
import { quantities, type Quantity } from "../parameters/quantity.ts";
import type { FieldDraft } from "./field-draft.ts";
import { numberAt, type Primitive, type ReadPart, type WriteInput } from "./primitive.ts";
import type { MappingRule, RuleOf } from "./rules.ts";
import { noSource, noUnit, unitOf } from "./unit-codes.ts";

type Rule = RuleOf<"registers">;

/** What a type can measure. */
export type Catalog = Rule["catalog"];

export function catalogOf(rules: readonly MappingRule[]): Catalog {
  return rules.flatMap((rule) => (rule.use === "registers" ? rule.catalog : []));
}

/**
 * Sources in the order: energy asked for, demand asked for, then the type's fill. Source i has row i of table 12; each demand source
 * consumes the next entry of table 13 (facts, ST16). Table 22 selects those asked for, by place; a place left over selects none.
 */
export const registers: Primitive<Rule> = {
  tables: () => [12, 16, 22],
  carries: () => ["registers"],
  write(rule, input, draft) {
    const sources = placeSources(rule, input);
    writeSources(rule, sources, input, draft);
    writeSelection(sources, input, draft);
  },
  read(rule, { tables, dimension }): ReadPart {
    const [units, links, selection] = [tables.get(12), tables.get(16), tables.get(22)];
    if (!units || !links || !selection) return {};
    const place = (list: string, index: number): Quantity | null => {
      const source = numberAt(selection, `${list}[${index}]`);
      return source < dimension(11, "NBR_SOURCES") ? quantityOf(rule, units, links, source) : null;
    };
    return {
      registers: {
        energy: Array.from({ length: dimension(21, "NBR_SUMMATIONS") }, (_, index) => place("SUMMATION_SELECT", index)),
        demand: Array.from({ length: dimension(21, "NBR_DEMANDS") }, (_, index) => place("DEMAND_SELECT", index)),
      },
    };
  },
};

const isDemand = (quantity: Quantity): boolean => quantities[quantity].kind === "demand";

/** What each source measures, in the order of table 16. */
export function placeSources(rule: Pick<Rule, "catalog">, { parameters, defaults, dimension }: Pick<WriteInput, "parameters" | "defaults" | "dimension">): Quantity[] {
  const known = new Set(rule.catalog.map((entry) => entry.quantity));
  const room = Math.min(dimension(11, "NBR_SOURCES"), dimension(11, "NBR_UOM_ENTRIES"));
  const sources = [...parameters.registers.energy, ...parameters.registers.demand];
  for (const quantity of defaults.fillRegisters) {
    const demands = sources.filter(isDemand).length;
    if (sources.length >= room || sources.includes(quantity) || !known.has(quantity)) continue;
    if (isDemand(quantity) && demands >= dimension(11, "NBR_DEMAND_CTRL_ENTRIES")) continue;
    sources.push(quantity);
  }
  return sources;
}

function writeSources(rule: Rule, sources: readonly Quantity[], { parameters, dimension }: WriteInput, draft: FieldDraft): void {
  const asked = parameters.registers.energy.length + parameters.registers.demand.length;
  const from = (row: number): string => (row >= sources.length ? "(unused)" : row < asked ? reason(parameters.registers, row) : "(fill of the device type)");
  for (let row = 0; row < dimension(11, "NBR_UOM_ENTRIES"); row++) {
    const quantity = sources[row];
    const entry = rule.catalog.find((one) => one.quantity === quantity);
    if (quantity !== undefined && !entry) {
      throw new ProgramsError("mapping-impossible", `registers: the type's catalog has no ${quantity}`, { context: { field: "registers" } });
    }
    const unit = entry ? unitOf(entry.quantity, entry.multiplier) : noUnit;
    for (const [bits, value] of Object.entries(unit)) draft.set(12, `UOM_ENTRY[${row}].${bits}`, value, from(row));
  }
  for (let row = 0; row < dimension(11, "NBR_SOURCES"); row++) {
    const quantity = sources[row];
    draft.set(16, `SOURCES_LINK[${row}].UOM_ENTRY_FLAG`, quantity !== undefined, from(row));
    draft.set(16, `SOURCES_LINK[${row}].DEMAND_CTRL_FLAG`, quantity !== undefined && isDemand(quantity), from(row));
    for (const flag of ["DATA_CTRL_FLAG", "CONSTANTS_FLAG", "CONSTANT_TO_BE_APPLIED"]) draft.set(16, `SOURCES_LINK[${row}].${flag}`, false, from(row));
    draft.set(16, `SOURCES_LINK[${row}].PULSE_ENGR_FLAG`, quantity !== undefined, from(row));
  }
}

function writeSelection(sources: readonly Quantity[], { parameters, dimension }: WriteInput, draft: FieldDraft): void {
  const { energy, demand } = parameters.registers;
  const select = (list: string, places: number, quantity: (place: number) => Quantity | undefined, parameter: string): void => {
    for (let place = 0; place < places; place++) {
      const wanted = quantity(place);
      draft.set(22, `${list}[${place}]`, wanted === undefined ? noSource : sources.indexOf(wanted), wanted === undefined ? "(unused)" : `${parameter}[${place}]`);
    }
  };
  const demands = dimension(21, "NBR_DEMANDS");
  select("SUMMATION_SELECT", dimension(21, "NBR_SUMMATIONS"), (place) => energy[place], "registers.energy");
  select("DEMAND_SELECT", demands, (place) => demand[place], "registers.demand");
  if (demands > 0) draft.set(22, "MIN_OR_MAX_FLAGS", Array.from({ length: demands }, (_, place) => place), "(demand registers keep the maximum)");
  select("COINCIDENT_SELECT", dimension(21, "NBR_COIN_VALUES"), () => undefined, "");
  select("COIN_DEMAND_ASSOC", dimension(21, "NBR_COIN_VALUES"), () => undefined, "");
}

function reason(asked: { energy: readonly Quantity[]; demand: readonly Quantity[] }, row: number): string {
  return row < asked.energy.length ? `registers.energy[${row}]` : `registers.demand[${row - asked.energy.length}]`;
}

export function quantityOf(rule: Pick<Rule, "catalog">, units: DecodedTable, links: DecodedTable, source: number): Quantity | null {
  if (numberAt(links, `SOURCES_LINK[${source}].UOM_ENTRY_FLAG`) !== 1) return null;
  let row = 0;
  for (let before = 0; before < source; before++) row += numberAt(links, `SOURCES_LINK[${before}].UOM_ENTRY_FLAG`);
  const same = rule.catalog.find(({ quantity, multiplier }) =>
    Object.entries(unitOf(quantity, multiplier)).every(([bits, value]) => numberAt(units, `UOM_ENTRY[${row}].${bits}`) === Number(value)));
  return same?.quantity ?? null;
}
