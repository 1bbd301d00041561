import type { Clock, EpochMillis, Timer } from "@metersmith/base/clock";
import type { Provocations } from "@metersmith/meter";
import type { CardHappenings } from "./card-happenings.ts";
import type { ScenarioPlan, Turn } from "./scenario-plan.ts";

/**
 * Lets a scenario happen. What is past already, as after a restart, is made good at once and in order, each as of its own time, so that a clock has drifted as far as
 * it would have. `told` hears of what happens from `since` on. Answers how to stop.
 */
export function playScenario({ turns }: ScenarioPlan, provocationsOf: (position: number) => Provocations | undefined, cards: CardHappenings, clock: Clock, since: EpochMillis, told: (turn: Turn) => void): () => void {
  let timer: Timer | undefined;
  let next = 0;
  const go = (): void => {
    const now = clock.now();
    for (let turn = turns[next]; turn && turn.at <= now; turn = turns[++next]) {
      apply(turn, provocationsOf);
      cards.turn(turn, turn.at < since);
      if (turn.at >= since) told(turn);
    }
    const following = turns[next];
    timer = following && clock.after(following.at - now, go);
  };
  go();
  return () => {
    timer?.cancel();
    cards.stop();
  };
}

function apply({ positions, provocation, begins, at }: Turn, provocationsOf: (position: number) => Provocations | undefined): void {
  if (!provocation) return;
  for (const position of positions) {
    if (begins) provocationsOf(position)?.provoke(provocation, at);
    else provocationsOf(position)?.relieve(provocation.kind, at);
  }
}
