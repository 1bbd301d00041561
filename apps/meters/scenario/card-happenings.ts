import type { Clock, Timer } from "@metersmith/base/clock";
import type { NotedLink } from "@metersmith/nic";
import type { Turn } from "./scenario-plan.ts";

/** What a scenario has the communications card of one meter do. Neither rejects. */
export interface ScenarioCard {
  noteLink(link: NotedLink, reached: boolean, device: number): Promise<void>;
  /** To the time of the meters' world. */
  setClock(world: Pick<Clock, "now">): Promise<void>;
}

const minute = 60_000;

/** The links that cards have lost: tried again once a minute of the meters' world, and told of each time, until they are back. */
export class CardHappenings {
  readonly #cardOf: (position: number) => ScenarioCard | undefined;
  readonly #clock: Clock;
  readonly #lost = new Map<string, { readonly position: number; readonly link: NotedLink; readonly device: number }>();
  #timer: Timer | undefined;

  constructor(cardOf: (position: number) => ScenarioCard | undefined, clock: Clock) {
    this.#cardOf = cardOf;
    this.#clock = clock;
  }

  /** `past`: it happened before this run; a clock that was set then is not set again, a link that came back then is not told of. */
  turn({ card, begins, positions }: Turn, past: boolean): void {
    if (!card) return;
    for (const position of positions) {
      if (card.kind === "clock-set") {
        if (!past) void this.#cardOf(position)?.setClock(this.#clock);
        continue;
      }
      const { link, device } = card;
      const key = `${position}/${link}`;
      if (begins) this.#lost.set(key, { position, link, device });
      else if (this.#lost.delete(key) && !past) void this.#cardOf(position)?.noteLink(link, true, device);
    }
    if (this.#lost.size > 0 && !this.#timer) this.#timer = this.#clock.after(minute, () => this.#try());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#lost.clear();
  }

  #try(): void {
    for (const { position, link, device } of this.#lost.values()) void this.#cardOf(position)?.noteLink(link, false, device);
    this.#timer = this.#lost.size > 0 ? this.#clock.after(minute, () => this.#try()) : undefined;
  }
}
