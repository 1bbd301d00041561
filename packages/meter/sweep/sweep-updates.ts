import type { FlashChip } from "../flash/flash-chip.ts";
import { sweepPower, type SweepResult } from "./power-sweep.ts";
import { nothingAsked, type Asked, type UpdateScenario } from "./update-scenarios.ts";

export interface SweepExtent {
  /** Cuts in a row. */
  readonly depth: number;
  readonly seed: number;
  /** Share of the cuts at a level, from 1; all where absent. */
  readonly share?: (level: number) => number;
}

export interface UpdateSweep extends SweepResult {
  readonly scenario: string;
  /** Erasures of one page in the worst of all those lives. */
  readonly wear: number;
}

/** Most erasures of one page in one update that was cut `depth` times, wherever: four, as where everything goes well and back, and one more for each cut. */
export function wearBound(depth: number): number {
  return 4 + depth;
}

/**
 * Cuts one way of an update at every operation and in every way, again in what follows, and so on. After each cut the board is switched on anew over the same flash. Besides
 * what the scenario checks, the protected area must be the factory's own, and no page worn more than `wearBound` says.
 */
export function sweepUpdate({ name, start, live }: UpdateScenario, { depth, seed, share }: SweepExtent): UpdateSweep {
  const { protectedPages, pages } = start.geometry;
  let wear = 0;
  const result = sweepPower<Asked>({
    start, depth, seed, ...(share ? { share } : {}),
    known: nothingAsked,
    keyOf: ({ activated, ending, ended, ran }) => `${activated} ${ending} ${ended} ${ran}`,
    live(flash, asked, tell, chip) {
      live(flash, asked, tell, chip);
      for (let page = 0; page < protectedPages; page++) if (chip.holds(page) !== start.holds(page)) throw new Error(`protected page ${page} has changed`);
      const most = mostErasures(chip, start, pages);
      wear = Math.max(wear, most);
      if (most > wearBound(depth)) throw new Error(`a page was erased ${most} times`);
    },
  });
  return { ...result, scenario: name, wear };
}

function mostErasures(chip: FlashChip, start: FlashChip, pages: number): number {
  let most = 0;
  for (let page = 0; page < pages; page++) most = Math.max(most, chip.erasures(page) - start.erasures(page));
  return most;
}
