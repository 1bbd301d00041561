import { createHash } from "node:crypto";
import type { Clock } from "@metersmith/base/clock";
import { Provocations } from "@metersmith/meter";
import type { Surroundings } from "../powered-meter.ts";
import type { StreetState } from "../state/street-state.ts";
import { CardHappenings, type ScenarioCard } from "./card-happenings.ts";
import type { AddressedMeter } from "./chosen-meters.ts";
import { playScenario } from "./play-scenario.ts";
import { planScenario, type Turn } from "./scenario-plan.ts";
import type { Scenario } from "./scenario.ts";
import { scaledClock } from "./scaled-clock.ts";

/** The world that the meters of a street live in: its time, and what happens in it. */
export interface Stage {
  readonly clock: Clock;
  surroundings(position: number): Surroundings;
  /** Lets it happen; answers how to stop. `cardOf`: of a meter under power. */
  play(told: (turn: Turn) => void, cardOf: (position: number) => ScenarioCard | undefined): () => void;
}

/** Goes on with the scenario that the street was in, or begins this one. Without one, meters live in the time that they have come to so far, at the machine's pace. */
export function setStage(scenario: Scenario | undefined, meters: readonly AddressedMeter[], state: StreetState, host: Clock): Stage {
  if (!scenario) {
    const clock = state.scenario.current() ? scaledClock(host, state.scenario.take("", 1, host.now()).anchor) : host;
    return { clock, surroundings: () => ({ clock }), play: () => () => {} };
  }
  const digest = createHash("sha256").update(JSON.stringify(scenario)).digest("hex");
  const { anchor, began, goesOn } = state.scenario.take(digest, scenario.timeFactor, host.now());
  const clock = scaledClock(host, anchor);
  const plan = planScenario(scenario, meters, began);
  const provoked = new Map(plan.turns.filter(({ provocation }) => provocation).flatMap(({ positions }) => positions).map((position) => [position, new Provocations()]));
  return {
    clock,
    surroundings(position) {
      const provocations = provoked.get(position);
      const disturbances = plan.disturbances.get(position);
      return { clock, ...(provocations ? { provocations } : {}), ...(disturbances ? { disturbances } : {}) };
    },
    play: (told, cardOf) => playScenario(plan, (position) => provoked.get(position), new CardHappenings(cardOf, clock), clock, goesOn ? clock.now() : began, told),
  };
}
