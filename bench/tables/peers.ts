import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";

/** What the bench uses of binary-parser, whose own types do not resolve here. */
type FieldMaker = "uint8" | "uint16" | "uint32" | "int32" | `bit${1 | 2 | 3 | 4 | 5 | 6 | 7 | 11}`;
interface BinaryParser extends Record<FieldMaker, (name: string) => BinaryParser> {
  endianness(order: "little"): BinaryParser;
  nest(name: string, options: { type: BinaryParser }): BinaryParser;
  array(name: string, options: { type: BinaryParser | "uint8" | "uint16le" | "int32le"; length: number }): BinaryParser;
  buffer(name: string, options: { length: number }): BinaryParser;
  parse(octets: Uint8Array): unknown;
}

const require = createRequire(import.meta.url);

/** What a peer makes of the octets of one table: objects of named fields, as its users get them. */
export type Peer = (octets: Uint8Array) => object;

export type PeerTables = Readonly<Record<23 | 54 | 64 | 76, Peer>>;

/**
 * The bench's meter (least significant octet first) described for binary-parser. Dates and times are their parts: it knows no dates, which is work that it
 * does not do.
 */
export function binaryParserTables(): PeerTables {
  const { Parser } = require("binary-parser") as { Parser: new () => BinaryParser };
  const little = (): BinaryParser => new Parser().endianness("little");
  const shortTime = little().uint8("year").uint8("month").uint8("day").uint8("hour").uint8("minute");
  const demand = little().nest("time", { type: shortTime }).int32("cumulative").int32("demand");
  const block = little().array("summations", { type: "int32le", length: 2 }).array("demands", { type: demand, length: 1 });
  const registers = little().uint8("resets").nest("total", { type: block }).array("tiers", { type: block, length: 4 });

  const action = little().bit5("control").bit1("demandReset").bit1("selfRead").bit1("fill");
  const dated = little().bit7("year").bit4("month").bit5("day").nest("action", { type: action });
  const recurring = little().bit4("month").bit4("offset").bit3("weekday").bit5("day").nest("action", { type: action });
  const tierSwitch = little().bit3("tier").bit2("fill").bit6("minute").bit5("hour").uint8("schedule");
  const season = little().uint8("saturday").uint8("sunday").uint8("weekday").array("special", { type: "uint8", length: 2 });
  const calendar = little().array("dates", { type: dated, length: 60 }).array("recurring", { type: recurring, length: 12 })
    .array("switches", { type: tierSwitch, length: 40 }).array("seasons", { type: season, length: 4 });

  const interval = little().array("values", { type: "uint16le", length: 4 });
  const profile = little().array("blocks", {
    type: little().nest("end", { type: shortTime }).array("readings", { type: "int32le", length: 4 }).array("intervals", { type: interval, length: 96 }), length: 26,
  });

  const longTime = little().uint8("year").uint8("month").uint8("day").uint8("hour").uint8("minute").uint8("second");
  const event = little().nest("time", { type: longTime }).uint16("number").uint16("sequence").uint16("user")
    .bit11("code").bit1("manufacturer").bit4("selector").buffer("argument", { length: 4 });
  const log = little().bit1("order").bit1("overflow").bit1("list").bit1("inhibit").bit4("fill")
    .uint16("valid").uint16("last").uint32("sequence").uint16("unread").array("events", { type: event, length: 227 });

  const peer = (parser: BinaryParser): Peer => (octets) => parser.parse(octets) as object;
  return { 23: peer(registers), 54: peer(calendar), 64: peer(profile), 76: peer(log) };
}

type Ksy = Readonly<Record<string, unknown>>;

const shortTime = { seq: ["year", "month", "day", "hour", "minute"].map((id) => ({ id, type: "u1" })) };
const longTime = { seq: ["year", "month", "day", "hour", "minute", "second"].map((id) => ({ id, type: "u1" })) };
const action = { seq: [{ id: "control", type: "b5" }, { id: "demand_reset", type: "b1" }, { id: "self_read", type: "b1" }, { id: "fill", type: "b1" }] };
const times = (count: number): Ksy => ({ repeat: "expr", "repeat-expr": count });

/** The same for the Kaitai Struct compiler, which makes JavaScript of it. */
const ksy: Readonly<Record<23 | 54 | 64 | 76, Ksy>> = {
  23: {
    types: {
      short_time: shortTime,
      demand: { seq: [{ id: "time", type: "short_time" }, { id: "cumulative", type: "s4" }, { id: "demand", type: "s4" }] },
      block: { seq: [{ id: "summations", type: "s4", ...times(2) }, { id: "demands", type: "demand", ...times(1) }] },
    },
    seq: [{ id: "resets", type: "u1" }, { id: "total", type: "block" }, { id: "tiers", type: "block", ...times(4) }],
  },
  54: {
    types: {
      action,
      dated: { seq: [{ id: "year", type: "b7" }, { id: "month", type: "b4" }, { id: "day", type: "b5" }, { id: "action", type: "action" }] },
      recurring: { seq: [{ id: "month", type: "b4" }, { id: "offset", type: "b4" }, { id: "weekday", type: "b3" }, { id: "day", type: "b5" }, { id: "action", type: "action" }] },
      tier_switch: { seq: [{ id: "tier", type: "b3" }, { id: "fill", type: "b2" }, { id: "minute", type: "b6" }, { id: "hour", type: "b5" }, { id: "schedule", type: "u1" }] },
      season: { seq: [{ id: "saturday", type: "u1" }, { id: "sunday", type: "u1" }, { id: "weekday", type: "u1" }, { id: "special", type: "u1", ...times(2) }] },
    },
    seq: [
      { id: "dates", type: "dated", ...times(60) }, { id: "recurring", type: "recurring", ...times(12) },
      { id: "switches", type: "tier_switch", ...times(40) }, { id: "seasons", type: "season", ...times(4) },
    ],
  },
  64: {
    types: {
      short_time: shortTime,
      interval: { seq: [{ id: "values", type: "u2", ...times(4) }] },
      block: { seq: [{ id: "end", type: "short_time" }, { id: "readings", type: "s4", ...times(4) }, { id: "intervals", type: "interval", ...times(96) }] },
    },
    seq: [{ id: "blocks", type: "block", ...times(26) }],
  },
  76: {
    types: {
      long_time: longTime,
      event: {
        seq: [
          { id: "time", type: "long_time" }, { id: "number", type: "u2" }, { id: "sequence", type: "u2" }, { id: "user", type: "u2" },
          { id: "code", type: "b11" }, { id: "manufacturer", type: "b1" }, { id: "selector", type: "b4" }, { id: "argument", size: 4 },
        ],
      },
    },
    seq: [
      { id: "order", type: "b1" }, { id: "overflow", type: "b1" }, { id: "list", type: "b1" }, { id: "inhibit", type: "b1" }, { id: "fill", type: "b4" },
      { id: "valid", type: "u2" }, { id: "last", type: "u2" }, { id: "sequence", type: "u4" }, { id: "unread", type: "u2" }, { id: "events", type: "event", ...times(227) },
    ],
  },
};

interface KaitaiCompiler {
  compile(language: string, source: unknown, importer: null, debug: boolean): Promise<Record<string, string>>;
}
type KaitaiStruct = new (stream: object) => object;
type KaitaiStreamClass = new (octets: Uint8Array, at: number) => object;

/** Compiled here, at each run: what the bench measures is what the pinned compiler makes. */
export async function kaitaiTables(): Promise<PeerTables> {
  const compiler = require("kaitai-struct-compiler") as KaitaiCompiler;
  const { KaitaiStream } = require("kaitai-struct") as { KaitaiStream: KaitaiStreamClass };
  const peers: Record<number, Peer> = {};
  for (const [table, description] of Object.entries(ksy)) {
    const id = `table_${table}`;
    const files = await compiler.compile("javascript", { meta: { id, endian: "le", "bit-endian": "le" }, ...description }, null, false);
    const module = { exports: {} as Record<string, KaitaiStruct> };
    const define = runInThisContext(`(function (exports, module, require) {${Object.values(files)[0] ?? ""}\n})`) as (exports: object, module: object, load: (name: string) => unknown) => void;
    define(module.exports, module, (name) => require(name.replace(/^\.\//, "")));
    const Struct = module.exports[`Table${table}`];
    if (!Struct) throw new Error(`the Kaitai compiler gave no class for ${id}`);
    peers[Number(table)] = (octets) => new Struct(new KaitaiStream(octets, 0));
  }
  return peers as unknown as PeerTables;
}
