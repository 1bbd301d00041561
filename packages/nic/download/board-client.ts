import { memoryChannelPair } from "@metersmith/base/byte-channel";
import type { Clock } from "@metersmith/base/clock";
import { ClientError, MeterClient } from "@metersmith/client";
import { openPsemClient, PsemError, servePsem } from "@metersmith/psem";
import type { BoardAccess } from "../configuration/board-session.ts";
import { NicError } from "../nic-error.ts";

const userLength = 10;

/** A session of the card with its board, C12.18 over the line between the two, with the level of a role. Throws `not-permitted`, `busy`, `board-refused`, `board-unreadable`. */
export async function withBoard<Result>(board: BoardAccess, role: string, user: string, clock: Clock, work: (meter: MeterClient) => Promise<Result>): Promise<Result> {
  const level = board.levels.get(role);
  if (!level) throw new NicError("not-permitted", `The certificate's role is not one of ${[...board.levels.keys()].join(", ")}.`);
  const [near, far] = memoryChannelPair();
  servePsem(far, clock, board.open(() => far.close()));
  const meter = new MeterClient(openPsemClient(near, clock), board.definitions, { clock });
  try {
    await meter.connect({ user: user.replace(/[^ -~]/g, "?").slice(0, userLength), userId: level.userId, password: level.password });
    return await work(meter);
  } catch (error) {
    throw inWords(error);
  } finally {
    await meter.disconnect().catch(() => undefined);
  }
}

function inWords(error: unknown): unknown {
  if (error instanceof PsemError) {
    if (error.code === "bsy") return new NicError("busy", "Another session has the meter. Try again when it is over.", {}, error);
    return new NicError(error.kind === "peer-refused" ? "board-refused" : "board-unreadable", error.message, error.context, error);
  }
  return error instanceof ClientError ? new NicError("board-unreadable", error.message, error.context, error) : error;
}
