import { readFile } from "node:fs/promises";
import { fromHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import { MeterClient } from "@metersmith/client";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openPsemClient } from "@metersmith/psem";
import type { Definitions } from "@metersmith/tables";
import { findOnStreet } from "./demonstration-street.ts";

export interface ConnectionOptions {
  readonly passwordFile?: string;
  readonly user: string;
  readonly userId: string;
  readonly trace?: boolean;
}

const PASSWORD_VARIABLE = "METERSMITH_METER_PASSWORD";

/** `tcp:host:port`, IPv6 hosts in brackets. */
function parseAddress(text: string): { host: string; port: number } {
  const match = /^tcp:(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) {
    throw new Failure("misuse", "address", `“${text}” is no address of a meter: write tcp:host:port, e.g. tcp:127.20.0.1:1153, or the serial number of a meter of the demonstration street while npm start runs`);
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

/** From a file or the environment, never from the command line, which others can read. Text, or 40 hexadecimal digits. */
async function password(options: ConnectionOptions): Promise<Uint8Array | string> {
  const given = options.passwordFile === undefined ? process.env[PASSWORD_VARIABLE] : (await readFile(options.passwordFile, "utf8")).trim();
  if (given === undefined || given === "") {
    throw new Failure("misuse", "password", `The meter asks for a password: give --password-file FILE, or set ${PASSWORD_VARIABLE}.`);
  }
  return /^[0-9a-fA-F]{40}$/.test(given) ? fromHex(given) : given;
}

/** Connects, identifies, negotiates, logs on; runs `use`; logs off and closes whatever happened. */
export async function withMeter<Result>(
  address: string,
  definitions: Definitions,
  options: ConnectionOptions,
  use: (meter: MeterClient) => Promise<Result>,
): Promise<Result> {
  const delivered = await findOnStreet(address);
  const { host, port } = delivered ?? parseAddress(address);
  const userId = Number(options.userId);
  if (!Number.isInteger(userId) || userId < 0 || userId > 65_535) throw new Failure("misuse", "user-id", "--user-id takes a number from 0 to 65535");
  const secret = delivered && options.passwordFile === undefined ? delivered.password : await password(options);
  const channel = await connectTcp(host, port);
  try {
    const trace = options.trace ? { trace: (line: string) => void process.stderr.write(`${line}\n`) } : {};
    const meter = new MeterClient(openPsemClient(channel, systemClock, trace), definitions, { clock: systemClock });
    await meter.connect({ user: options.user, userId, password: secret });
    const result = await use(meter);
    // What was wanted is done; a meter that does not answer the farewell takes nothing away from it.
    await meter.disconnect().catch(() => undefined);
    return result;
  } finally {
    channel.close();
  }
}
