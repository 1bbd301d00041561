import type { EpochMillis } from "@metersmith/base/clock";
import type { Disturbance, Provocation } from "@metersmith/meter";
import { chosenMeters, type AddressedMeter } from "./chosen-meters.ts";
import type { CardHappening, LineHappening, Scenario, ScenarioProvocation } from "./scenario.ts";

/** A moment at which something begins or ends. */
export interface Turn {
  readonly at: EpochMillis;
  readonly name: string;
  readonly begins: boolean;
  readonly positions: readonly number[];
  /** Both absent for what happens on the line: that stands in `disturbances` from the start. */
  readonly provocation: Provocation | undefined;
  readonly card: CardHappening | undefined;
}

/** A scenario for certain meters from a certain moment on. */
export interface ScenarioPlan {
  /** In order of time; what ends goes before what begins at the same moment. */
  readonly turns: readonly Turn[];
  /** By position; none where nothing happens on its line. */
  readonly disturbances: ReadonlyMap<number, readonly Disturbance[]>;
}

const minute = 60_000;

/** `began`: when the scenario began, by the clock of the meters' world. */
export function planScenario({ happenings, seed }: Scenario, meters: readonly AddressedMeter[], began: EpochMillis): ScenarioPlan {
  const turns: Turn[] = [];
  const disturbances = new Map<number, Disturbance[]>();
  for (const [index, happening] of happenings.entries()) {
    const { name, atMinutes, forMinutes, provoke, line, card } = happening;
    const positions = chosenMeters(meters, happening.meters ?? {}, seed, index);
    const at = began + atMinutes * minute;
    const end = forMinutes === undefined ? undefined : at + forMinutes * minute;
    const happens = { name, positions, provocation: provoke && provocationAt(provoke, at / 1000), card };
    turns.push({ at, begins: true, ...happens });
    if (end !== undefined) turns.push({ at: end, begins: false, ...happens });
    if (!line) continue;
    const disturbance = { from: at / 1000, to: (end ?? at) / 1000, ...onLine(line) };
    for (const position of positions) disturbances.set(position, [...(disturbances.get(position) ?? []), disturbance]);
  }
  return { turns: turns.toSorted((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins)), disturbances };
}

function provocationAt(provoked: ScenarioProvocation, from: number): Provocation {
  return provoked.kind === "fault-current" ? { ...provoked, from } : provoked;
}

function onLine(line: LineHappening): Omit<Disturbance, "from" | "to"> {
  if (line.kind === "outage") return { voltage: 0 };
  const { voltage, current, phases } = line;
  return { voltage, current, ...(phases ? { phases } : {}) };
}
