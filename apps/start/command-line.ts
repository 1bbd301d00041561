import { parseArgs } from "node:util";

/** What `npm start` was asked to do. */
export interface StartCommand {
  readonly once: boolean;
  readonly empty: boolean;
  readonly json: boolean;
  /** Of the utility's console; the manufacturer's is one above. Undefined: the usual pair, or free ones with `once`. */
  readonly port?: number;
  /** Virtual meters on the street; undefined: the usual number, none where `empty`. */
  readonly meters?: number;
}

export const UTILITY_PORT = 4800;
const METERS_AT_MOST = 5000;

export const usage = `Runs Metersmith: PostgreSQL, an MQTT broker, a manufacturer's and a utility's site, and a street of virtual meters.

  npm start                          go on with the state in .metersmith (or METERSMITH_HOME)
  npm start -- --once                the first-run story without a browser, then stop; exit code 0 where every step is good
  npm start -- --once --json         the same; the last line is one JSON object
  npm start -- --empty               no demonstration data and no street
  npm start -- --port 5000           utility on 5000, manufacturer on 5001 (usually ${UTILITY_PORT} and ${UTILITY_PORT + 1})
  npm start -- --meters 30           so many virtual meters (usually 12)
  npm start -- --help

Environment: METERSMITH_HOME, the folder of all state; DATABASE_URL, a PostgreSQL 18 to use instead of the embedded one.
`;

/** The command, `help`, or a message for the person who typed something else. */
export function readCommand(args: readonly string[]): StartCommand | "help" | { readonly wrong: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        once: { type: "boolean", default: false },
        empty: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        port: { type: "string" },
        meters: { type: "string" },
      },
    });
    if (values.help) return "help";
    const { once, empty, json } = values;
    if (once && empty) return { wrong: "--once runs the first-run story and --empty leaves it out; choose one." };
    return {
      once,
      empty,
      json,
      ...(values.port === undefined ? {} : { port: wholeNumber("--port", values.port, 1, 65_534) }),
      ...(values.meters === undefined ? {} : { meters: wholeNumber("--meters", values.meters, 0, METERS_AT_MOST) }),
    };
  } catch (error) {
    return { wrong: error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error) };
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Error(`${option} takes a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}
