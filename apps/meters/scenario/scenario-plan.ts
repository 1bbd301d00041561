import type { EpochMillis } from "@metersmith/base/clock";
import type { Disturbance, Provocation } from "@metersmith/meter";
import { chosenMeters, type AddressedMeter } from "./chosen-meters.ts";
import type { LineHappening, Scenario } from "./scenario.ts";

/** A moment at which something begins or ends. */
export interface Turn {
  readonly at: EpochMillis;
  readonly name: string;
  readonly begins: boolean;
  readonly positions: readonly number[];
  /** Absent for what happens on the line: that stands in `disturbances` from the start. */
  readonly provocation: Provocation | undefined;
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
    const { name, atMinutes, forMinutes, provoke: provocation, line } = happening;
    const positions = chosenMeters(meters, happening.meters ?? {}, seed, index);
    const at = began + atMinutes * minute;
    const end = forMinutes === undefined ? undefined : at + forMinutes * minute;
    turns.push({ at, name, begins: true, positions, provocation });
    if (end !== undefined) turns.push({ at: end, name, begins: false, positions, provocation });
    if (!line) continue;
    const disturbance = { from: at / 1000, to: (end ?? at) / 1000, ...onLine(line) };
    for (const position of positions) disturbances.set(position, [...(disturbances.get(position) ?? []), disturbance]);
  }
  return { turns: turns.toSorted((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins)), disturbances };
}

function onLine(line: LineHappening): Omit<Disturbance, "from" | "to"> {
  if (line.kind === "outage") return { voltage: 0 };
  const { voltage, current, phases } = line;
  return { voltage, current, ...(phases ? { phases } : {}) };
}
