import type { Clock } from "@metersmith/base/clock";
import type { MeterClient } from "@metersmith/client";
import type { BoardAccess } from "../configuration/board-session.ts";
import { withBoard } from "../download/board-client.ts";
import { NicError } from "../nic-error.ts";

/** What the card does at its board by itself, with the level of a role. */
export interface Errand {
  readonly board: BoardAccess;
  readonly role: string;
  /** Of the link between the two. */
  readonly clock: Clock;
}

/** NOTED_LINK of the device types (ours). */
const links = { "head-end": 1, "home-device": 2 } as const;
export type NotedLink = keyof typeof links;

const procedure = { noteLink: 2057, setDateTime: 10 } as const;
const user = "card";
const quarterHour = 900_000;

/** Tells the board whether a link was reached (I2FR7, I2FR8). Rejects as `withBoard`, and with `board-refused`. */
export function noteLink({ board, role, clock }: Errand, link: NotedLink, reached: boolean, device = 0): Promise<void> {
  return withBoard(board, role, user, clock, (meter) => run(meter, procedure.noteLink, { LINK: links[link], REACHED: reached ? 1 : 0, DEVICE: device }));
}

/**
 * Sets the board's clock to the network's time, as the clock runs: its qualifiers stay, and so does its distance from universal time in quarters of an hour. One that was
 * never set gets universal time. `world`: the network's time, asked at the last moment. Rejects as `noteLink`.
 */
export function setBoardClock({ board, role, clock }: Errand, world: Pick<Clock, "now">): Promise<void> {
  return withBoard(board, role, user, clock, async (meter) => {
    const [status, shown] = [await meter.readTable(3), await meter.readTable(52)];
    const now = world.now();
    const known = status.get("ED_STD_STATUS1.CLOCK_ERROR_FLAG") !== true && shown.get("TIME_DATE_QUAL.GMT_FLAG") !== true;
    const ahead = known ? Math.round((Date.parse(`${String(shown.get("CLOCK_CALENDAR"))}Z`) - now) / quarterHour) * quarterHour : 0;
    const reading = new Date(now + ahead);
    const qualifiers = known ? (shown.get("TIME_DATE_QUAL") as object) : { GMT_FLAG: true };
    await run(meter, procedure.setDateTime, {
      SET_MASK: { SET_TIME_FLAG: true, SET_DATE_FLAG: true, SET_TIME_DATE_QUAL: true }, DATE_TIME: reading.toISOString().slice(0, 19),
      TIME_DATE_QUAL: { ...qualifiers, DAY_OF_WEEK: reading.getUTCDay() },
    });
  });
}

async function run(meter: MeterClient, number: number, parameters: Parameters<MeterClient["procedure"]>[1]): Promise<void> {
  const { result } = await meter.procedure(number, parameters);
  if (result !== 0) throw new NicError("board-refused", `The meter refused procedure ${number} (result ${result}).`, { table: 8, actual: result });
}
