import { Failure } from "@metersmith/base/errors";

/** Where a meter is reached and by which protocol. */
export type MeterAddress =
  /** C12.18 over a TCP connection. */
  | { readonly over: "tcp"; readonly host: string; readonly port: number }
  /** C12.18 over a serial port, such as an optical probe. `baud`: bits per second at the beginning; `fastest`: what probe and line can do, where a faster rate is to be agreed on; `wake`: the meter sleeps until it hears a byte. */
  | { readonly over: "serial"; readonly path: string; readonly baud: number; readonly fastest?: number; readonly wake?: true }
  /** C12.22 over IP. Titles as written, relative ones with a leading dot: `.123.4`. */
  | {
      readonly over: "c1222";
      readonly host: string;
      readonly port: number;
      readonly transport: "tcp" | "udp";
      readonly called?: string;
      readonly calling?: string;
      /** 0 clear text, 1 authenticated, 2 enciphered too. */
      readonly mode: 0 | 1 | 2;
      /** 0–255. */
      readonly key: number;
    };

/** The port of C12.22 over IP (RFC 6142). */
const c1222Port = 1153;
const startingBaud = 9600;

/** The forms in one line, for help and errors. */
export const meterAddressForms = "tcp:host:port, serial:/dev/ttyUSB0?baud=9600&fastest=115200&wake=yes or c1222:host[:port]?transport=udp&called=.123.4&calling=.123.5&mode=2&key=0";

/**
 * Reads `tcp:host:port`, `serial:path[?baud=n&fastest=n]`, `c1222:host[:port][?…]`. IPv6 hosts stand in brackets. Throws `misuse`/`address` where the text is
 * of none of them, names an option that its form lacks, or names one twice.
 */
export function parseMeterAddress(text: string): MeterAddress {
  const [, scheme = "", place = "", query = ""] = /^([a-z0-9]+):([^?]*)(?:\?(.*))?$/i.exec(text) ?? [];
  const options = new AddressOptions(text, query);
  switch (scheme.toLowerCase()) {
    case "tcp":
      options.only();
      return { over: "tcp", ...hostAndPort(text, place) };
    case "serial":
      options.only("baud", "fastest", "wake");
      if (place === "") throw wrong(text, "names no port");
      const baud = options.whole("baud", startingBaud, 300, 4_000_000);
      const fastest = options.whole("fastest", baud, baud, 4_000_000);
      return { over: "serial", path: place, baud, ...(fastest > baud ? { fastest } : {}), ...(options.oneOf("wake", ["yes", "no"], "no") === "yes" ? { wake: true } : {}) };
    case "c1222": {
      options.only("transport", "called", "calling", "mode", "key");
      return {
        over: "c1222",
        ...hostAndPort(text, place, c1222Port),
        transport: options.oneOf("transport", ["tcp", "udp"], "tcp"),
        mode: Number(options.oneOf("mode", ["0", "1", "2"], "0")) as 0 | 1 | 2,
        key: options.whole("key", 0, 0, 255),
        ...options.title("called"),
        ...options.title("calling"),
      };
    }
    default:
      throw wrong(text, "begins with none of tcp:, serial:, c1222:");
  }
}

function hostAndPort(text: string, place: string, otherwise?: number): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(place) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? otherwise : Number(digits);
  if (host === undefined) throw wrong(text, "names no host");
  if (port === undefined || port < 1 || port > 65_535) throw wrong(text, "names no port from 1 to 65535");
  return { host, port };
}

class AddressOptions {
  readonly #text: string;
  readonly #given = new Map<string, string>();

  constructor(text: string, query: string) {
    this.#text = text;
    for (const pair of query === "" ? [] : query.split("&")) {
      const [name = "", value] = pair.split("=", 2);
      if (value === undefined || value === "") throw wrong(text, `gives ${name} no value`);
      if (this.#given.has(name)) throw wrong(text, `gives ${name} twice`);
      this.#given.set(name, value);
    }
  }

  only(...names: readonly string[]): void {
    const unknown = [...this.#given.keys()].find((name) => !names.includes(name));
    if (unknown !== undefined) throw wrong(this.#text, `has the option ${unknown}, which this form does not know`);
  }

  whole(name: string, otherwise: number, least: number, most: number): number {
    const text = this.#given.get(name);
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw wrong(this.#text, `gives ${name} as ${text}, not a number from ${least} to ${most}`);
    return value;
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    const text = this.#given.get(name);
    if (text === undefined) return otherwise;
    const choice = choices.find((one) => one === text);
    if (choice === undefined) throw wrong(this.#text, `gives ${name} as ${text}, not ${choices.join(" or ")}`);
    return choice;
  }

  title<Name extends "called" | "calling">(name: Name): { readonly [K in Name]?: string } {
    const text = this.#given.get(name);
    if (text === undefined) return {};
    if (!/^\.?\d+(\.\d+)*$/.test(text)) throw wrong(this.#text, `gives ${name} as ${text}, not numbers with dots between them`);
    return { [name]: text } as { readonly [K in Name]?: string };
  }
}

function wrong(text: string, why: string): Failure {
  return new Failure("misuse", "address", `“${text}” is no address of a meter: it ${why}. Write ${meterAddressForms}.`, { field: "address" });
}
