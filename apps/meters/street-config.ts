import { parseArgs } from "node:util";
import { sessionRules, type SessionRule } from "@metersmith/nic";
import { parseMeterAddress } from "@metersmith/node/meter-address";
import type { RegistrarPlace } from "./sockets/registration.ts";
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
  /** TCP, for C12.18 and C12.22 alike: the same for every meter, each has its own address; 0 = a free one each. */
  readonly port: number;
  /** UDP, for C12.22; where absent, the TCP port's number. */
  readonly udpPort?: number;
  /** The first meter answers C12.22 and C12.18 on this IPv6 port too, the next on the one after; 0 = free ones. Absent: none does. */
  readonly ipv6Port?: number;
  /** An IPv6 address of this machine, the same for all meters; ::1 where absent. One that is link-local names its network: "fe80::1%eth0". */
  readonly ipv6Host?: string;
  /** Local addresses of the networks on which the groups of C12.22 are heard: an IPv4 address, or "::%lo". On the UDP port, or a free one where that is 0. */
  readonly multicast?: readonly string[];
  readonly registrar?: RegistrarPlace;
  /** Gives every meter a new C12.22 key; the one so far opens for so many hours. */
  readonly newKeysOverlap?: number;
  /** Address in 127/8 before that of the first meter, for example `127.10.0.0`. */
  readonly base: string;
  /** What happens where sessions over C12.18 (local) and C12.22 (network) meet at one meter; `together` where absent. */
  readonly sessions?: SessionRule;
  /** The configuration interface of every meter over HTTPS at this port, 0 = a free one each. Absent: none. */
  readonly httpsPort?: number;
  /** Types of the meters that are made, in turn; two of three rx-2s and one ix-4s where absent. */
  readonly deviceTypes?: readonly string[];
  /** Files of the public keys whose images the meters take; none where absent. */
  readonly trust?: readonly string[];
  /** What happens to the meters: the name of a scenario that comes along, or a file. */
  readonly scenario?: string;
  readonly mqtt?: StreetMqtt;
}

/** A street as a person starts it. */
export interface StreetCommand extends StreetConfig {
  /** What is told is JSON, an object a line. */
  readonly json: boolean;
  /** The street ends when its standard input does: with whoever started it, however that ends. */
  readonly whileInput: boolean;
}

export const usage = `Usage: node apps/meters/main.ts --home DIR [--count N] [--port P] [--base 127.10.0.0] …

Runs a street of virtual meters, each on its own loopback address: C12.18 over TCP, C12.22 over TCP and UDP.

  --home DIR    folder of the street's state, kept between runs
  --count N     meters, 1 to 5000 (12)
  --port P      TCP port of every meter, 0 for a free one each (1153): C12.18 and C12.22
  --base A      address in 127/8 before the first meter's (127.10.0.0)
  --udp-port P  UDP port of every meter for C12.22 (that of --port)
  --ipv6-port P the first meter answers on IPv6 port P too, the next on P + 1, and so on; 0 for free ones
  --ipv6-host A IPv6 address of this machine for that (::1)
  --multicast A hear the groups of C12.22 on the network of this local address, such as 127.0.0.1 or ::%lo; may be repeated
  --registrar R register every meter with the C12.22 node at R: c1222:host:port?transport=udp&called=.1&mode=2
  --sessions S  where local and network sessions meet: together, exclusive, local-first, network-first (together)
  --https-port P configuration tables over HTTPS with mutual TLS at this port of every meter, 0 for a free one each
  --device-types T types of the meters that are made, in turn (rx-2s,rx-2s,ix-4s)
  --new-keys H  give every meter a new C12.22 key; the old one opens for H more hours
  --trust FILE  public key, as image keygen writes it, whose images the meters take; may be repeated
  --scenario S  what happens to the meters: a name (see --scenarios) or a file, docs/reference/scenarios.md
  --scenarios   list the scenarios that come along, and end
  --while-input end when standard input ends, too
  --json        tell what happens as JSON, an object a line

Example: node apps/meters/main.ts --home .metersmith/street --count 6
`;

const most = 5000;
const mostHours = 8760;
const mostTypes = 100;

/** Reads the command line strictly: throws `bad-configuration` with what was expected. */
export function streetConfigFrom(argv: readonly string[]): StreetCommand | "help" | "scenarios" {
  const values = valuesIn(argv);
  if (values.help) return "help";
  if (values.scenarios) return "scenarios";
  const { home, base = "127.10.0.0", multicast } = values;
  const count = whole("--count", values.count ?? "12", 1, most, "a number of meters");
  if (home === undefined || home === "") throw refusal("--home", "a folder");
  return {
    home, count, base, json: values.json ?? false, whileInput: values["while-input"] ?? false,
    ...(values["device-types"] === undefined ? {} : { deviceTypes: typesIn(values["device-types"]) }),
    ...(values.trust === undefined ? {} : { trust: values.trust }),
    ...(values.scenario === undefined ? {} : { scenario: values.scenario }),
    port: portIn("--port", values.port ?? "1153"),
    ...(values["udp-port"] === undefined ? {} : { udpPort: portIn("--udp-port", values["udp-port"]) }),
    ...(values["ipv6-port"] === undefined ? {} : { ipv6Port: portIn("--ipv6-port", values["ipv6-port"]) }),
    ...(values["ipv6-host"] === undefined ? {} : { ipv6Host: values["ipv6-host"] }),
    ...(multicast === undefined ? {} : { multicast }),
    ...(values.registrar === undefined ? {} : { registrar: registrarIn(values.registrar) }),
    ...(values.sessions === undefined ? {} : { sessions: ruleIn(values.sessions) }),
    ...(values["https-port"] === undefined ? {} : { httpsPort: portIn("--https-port", values["https-port"]) }),
    ...(values["new-keys"] === undefined ? {} : { newKeysOverlap: whole("--new-keys", values["new-keys"], 0, mostHours, "a number of hours") }),
  };
}

function valuesIn(argv: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        home: text, count: text, port: text, base: text, "udp-port": text, "ipv6-port": text, "ipv6-host": text, registrar: text, sessions: text, "https-port": text, "new-keys": text, scenario: text, "device-types": text,
        scenarios: flag, json: flag, "while-input": flag,
        multicast: { type: "string", multiple: true }, trust: { type: "string", multiple: true }, help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new StreetError("misuse", "bad-configuration", error instanceof Error ? error.message : String(error));
  }
}

function registrarIn(text: string): RegistrarPlace {
  const address = parseMeterAddress(text);
  if (address.over !== "c1222") throw refusal("--registrar", "an address that begins with c1222:");
  const { host, port, transport, called, mode } = address;
  return { host, port, transport, mode, ...(called === undefined ? {} : { called }) };
}

function ruleIn(text: string): SessionRule {
  const rule = sessionRules.find((one) => one === text);
  if (!rule) throw refusal("--sessions", `one of ${sessionRules.join(", ")}`);
  return rule;
}

function typesIn(text: string): readonly string[] {
  const types = text.split(",");
  if (types.length > mostTypes || !types.every((type) => /^[a-z0-9][a-z0-9-]{0,15}$/.test(type))) throw refusal("--device-types", "names of device types, such as rx-2s,px-9s");
  return types;
}

const portIn = (field: string, text: string): number => whole(field, text, 0, 65_535, field === "--port" ? "a TCP port" : "a port");

function whole(field: string, text: string, least: number, largest: number, what: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= largest)) throw refusal(field, `${what}, ${least} to ${largest}`);
  return value;
}

function refusal(field: string, expected: string): StreetError {
  return new StreetError("misuse", "bad-configuration", `${field}: expected ${expected}.`, { field });
}
