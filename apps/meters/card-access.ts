import type { Log } from "@metersmith/base/log";
import type { MeterModel } from "@metersmith/meter";
import { NicError, noteLink, setBoardClock, type BoardAccess, type Errand } from "@metersmith/nic";
import { systemClock } from "@metersmith/node/system-clock";
import type { PsemDevice } from "@metersmith/psem";
import type { ScenarioCard } from "./scenario/card-happenings.ts";
import type { AsBuiltMeter } from "./state/street-state.ts";

/** C12.19 user ids of the card itself, one a level. Ours. */
const firstUserId = 900;

/** How a card reaches its board; the roles are the names of the access levels. `open`: a connection under arbitration as one of the network's. */
export function cardAccess(built: AsBuiltMeter, model: MeterModel, open: (lost?: () => void) => PsemDevice): BoardAccess {
  const levels = new Map(model.levels.map((role, at) => [role, { userId: firstUserId + at, password: built.passwords[at] ?? new Uint8Array(20) }]));
  return { open, definitions: model.context.definitions, levels };
}

/** A card as a scenario uses it, with the highest level. What the board does not take now is tried again in a minute, or is the log's. */
export function scenarioCard(board: BoardAccess, serial: string, log: Log): ScenarioCard {
  const errand: Errand = { board, role: [...board.levels.keys()].at(-1) ?? "", clock: systemClock };
  const tried = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      if (!(error instanceof NicError && error.code === "busy")) log.warn("the card did not get through to its board", { serial, error });
    });
  return { noteLink: (link, reached, device) => tried(noteLink(errand, link, reached, device)), setClock: (world) => tried(setBoardClock(errand, world)) };
}
