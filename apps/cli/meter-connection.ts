import { fromHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import { inSession, MeterClient } from "@metersmith/client";
import { parseMeterAddress } from "@metersmith/node/meter-address";
import { systemClock } from "@metersmith/node/system-clock";
import type { Definitions } from "@metersmith/tables";
import { findOnStreet } from "./demonstration-street.ts";
import { openMeterLink, ratesToOffer } from "./meter-link.ts";
import { meterTrace } from "./meter-trace.ts";
import { readText } from "./files.ts";
import { visible } from "./output.ts";
import { wholeNumber } from "./whole-number.ts";

export interface ConnectionOptions {
  readonly passwordFile?: string;
  readonly user: string;
  readonly userId: string;
  readonly keyFile?: string;
  /** Folder of the neighbourhood in which a serial number is looked up; that of `npm start` where absent. */
  readonly home?: string;
  readonly trace?: boolean;
}

const PASSWORD_VARIABLE = "METERSMITH_METER_PASSWORD";

/** From a file or the environment, never from the command line, which others can read. Text, or 40 hexadecimal digits. */
async function password(options: ConnectionOptions): Promise<Uint8Array | string> {
  const given = options.passwordFile === undefined ? process.env[PASSWORD_VARIABLE] : (await readText(options.passwordFile)).trim();
  if (given === undefined || given === "") {
    throw new Failure("misuse", "password", `The meter asks for a password: give --password-file FILE, or set ${PASSWORD_VARIABLE}.`);
  }
  return /^[0-9a-fA-F]{40}$/.test(given) ? fromHex(given) : given;
}

/** Ctrl-C, for those calls that are to end with it. */
export interface Stopping {
  readonly signal: AbortSignal;
}

/**
 * Connects, identifies, negotiates, logs on; runs `use`; ends the session and closes whatever happened. Ctrl-C ends the waiting of what heeds it, so that
 * the session is ended then, too, and what was done so far is told; a second one ends the program.
 */
export async function withMeter<Result>(
  address: string,
  definitions: Definitions,
  options: ConnectionOptions,
  use: (meter: MeterClient, stopping: Stopping) => Promise<Result>,
): Promise<Result> {
  const delivered = await findOnStreet(address, options.home);
  if (options.home !== undefined && !delivered) throw new Failure("input", "address", `${options.home} has no record of a meter ${address}: give a serial number of its as-built.json.`, { field: "address" });
  const where = delivered?.where ?? parseMeterAddress(address);
  const userId = wholeNumber("user-id", options.userId, 0, 65_535);
  const secret = delivered && options.passwordFile === undefined ? delivered.password : await password(options);
  const psem = await openMeterLink(where, {
    ...(options.keyFile === undefined ? {} : { keyFile: options.keyFile }),
    ...(delivered?.key ? { key: delivered.key } : {}),
    ...(options.trace ? { trace: meterTrace((line) => void process.stderr.write(`${visible(line)}\n`)) } : {}),
  });
  const stop = new AbortController();
  const { signal } = stop;
  const interrupt = (): void => stop.abort(new Failure("misuse", "cancelled", "Stopped. Give the same command to go on where it stopped."));
  process.once("SIGINT", interrupt);
  try {
    const meter = new MeterClient(psem, definitions, { clock: systemClock });
    return await inSession(meter, { user: options.user, userId, password: secret }, () => use(meter, { signal }), { bauds: ratesToOffer(where), signal });
  } finally {
    process.off("SIGINT", interrupt);
    psem.close();
  }
}
