import { parseArgs } from "node:util";
import { StreetError } from "./street-error.ts";

/** Where the street says that it is there. Told over the channel to the supervisor, never in arguments. */
export interface StreetMqtt {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** What its topics begin with: `ms/1/<utility>/<street>`. */
  readonly topics: string;
}

export interface StreetConfig {
  /** Folder of `street.sqlite`; made where it is missing. */
  readonly home: string;
  /** Meters, 1–5000. A street that has more keeps them. */
  readonly count: number;
  /** The same for every meter, each has its own address; 0 = a free one each. */
  readonly port: number;
  /** Address in 127/8 before that of the first meter, for example `127.10.0.0`. */
  readonly base: string;
  readonly mqtt?: StreetMqtt;
}

export const usage = `Usage: node apps/meters/main.ts --home DIR [--count N] [--port P] [--base 127.10.0.0]

Runs a street of virtual meters that speak C12.18 over TCP, each on its own loopback address.

  --home DIR    folder of the street's state, kept between runs
  --count N     meters, 1 to 5000 (12)
  --port P      TCP port of every meter, 0 for a free one each (1153)
  --base A      address in 127/8 before the first meter's (127.10.0.0)

Example: node apps/meters/main.ts --home .metersmith/street --count 6
`;

const most = 5000;

/** Reads the command line strictly: throws `bad-configuration` with what was expected. */
export function streetConfigFrom(argv: readonly string[]): StreetConfig | "help" {
  let values: { home?: string | undefined; count?: string | undefined; port?: string | undefined; base?: string | undefined; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({ args: [...argv], options: { home: { type: "string" }, count: { type: "string" }, port: { type: "string" }, base: { type: "string" }, help: { type: "boolean", short: "h" } } }));
  } catch (error) {
    throw new StreetError("misuse", "bad-configuration", error instanceof Error ? error.message : String(error));
  }
  if (values.help) return "help";
  const { home, base = "127.10.0.0" } = values;
  const [count, port] = [wholeNumber(values.count ?? "12"), wholeNumber(values.port ?? "1153")];
  const refuse = (field: string, expected: string): StreetError => new StreetError("misuse", "bad-configuration", `${field}: expected ${expected}.`, { field });
  if (home === undefined || home === "") throw refuse("--home", "a folder");
  if (!Number.isInteger(count) || count < 1 || count > most) throw refuse("--count", `a number of meters, 1 to ${most}`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw refuse("--port", "a TCP port, 0 to 65535");
  return { home, count, port, base };
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
