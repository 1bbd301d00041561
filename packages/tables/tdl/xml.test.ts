import { readFileSync } from "node:fs";
import { fromHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import { TablesError } from "../tables-error.ts";
import { leastFirst } from "../testing/hand-made-meters.ts";
import { extendDefinitions } from "../fragments/apply.ts";
import { readDefinitions } from "./definitions.ts";
import { parseTdl, validateTdl } from "./xml.ts";

const wrap = (inner: string): string => `<tdl xmlns="urn:metersmith:tdl:1">${inner}</tdl>`;

test("[TDL-1] a document of every element becomes canonical JSON", () => {
  const document = parseTdl(wrap(`
    <bitField name="FLAGS_BFLD" base="UINT8"><bool name="ON" bit="0"/><uint name="MODE" first="1" last="3" enumeration="MODE"/></bitField>
    <packedRecord name="A_RCD" source="X">
      <field name="LIMIT" type="INT8" default="-1" least="-5" most="5" access="read"/>
      <if test="B_TBL.FLAGS.ON"><field name="N" type="UINT16" unit="min"/><else><field name="N" type="UINT8"/></else></if>
      <switch on="B_TBL.FLAGS.MODE"><case values="1 2"><field name="TEXT" type="CHAR" length="4"/></case><default><field name="REST" type="BINARY" length="2"/></default></switch>
    </packedRecord>
    <packedRecord name="B_RCD"><field name="FLAGS" type="FLAGS_BFLD"/></packedRecord>
    <enumeration name="MODE"><value value="1" name="slow"/></enumeration>
    <table number="2048" name="A_TBL" type="A_RCD" unverified="made up"/>
    <table number="2049" name="B_TBL" type="B_RCD" access="read"/>
    <undescribed kind="table" number="80" last="89" name="USER_DEFINED_TBLS" source="T"/>
    <procedure number="2049" name="DO_IT" parameters="A_RCD"/>`));
  expect(readDefinitions(document).document).toEqual({
    format: "metersmith-tdl-1",
    types: [
      { kind: "bits", name: "FLAGS_BFLD", base: "UINT8", members: [
        { kind: "bit-range", name: "ON", first: 0, last: 0, type: "BOOL" },
        { kind: "bit-range", name: "MODE", first: 1, last: 3, type: "UINT", enumeration: "MODE" },
      ] },
      { kind: "record", name: "A_RCD", source: "X", members: [
        { kind: "field", name: "LIMIT", type: "INT8", default: "-1", least: -5, most: 5, access: "read" },
        { kind: "if", test: "B_TBL.FLAGS.ON", then: [{ kind: "field", name: "N", type: "UINT16", unit: "min" }], else: [{ kind: "field", name: "N", type: "UINT8" }] },
        { kind: "switch", on: "B_TBL.FLAGS.MODE", cases: [{ values: [1, 2], members: [{ kind: "field", name: "TEXT", type: "CHAR", length: "4" }] }], default: [{ kind: "field", name: "REST", type: "BINARY", length: "2" }] },
      ] },
      { kind: "record", name: "B_RCD", members: [{ kind: "field", name: "FLAGS", type: "FLAGS_BFLD" }] },
    ],
    enumerations: [{ name: "MODE", values: [{ value: 1, name: "slow" }] }],
    tables: [{ number: 2048, name: "A_TBL", type: "A_RCD", unverified: "made up" }, { number: 2049, name: "B_TBL", type: "B_RCD", access: "read" }],
    procedures: [{ number: 2049, name: "DO_IT", parameters: "A_RCD" }],
    undescribed: [{ kind: "table", number: 80, last: 89, name: "USER_DEFINED_TBLS", source: "T" }],
  });
});

test.each([
  ["text that is no XML", "tables"],
  ["an unclosed element", "<tdl>"],
  ["another root", "<html/>"],
  ["no namespace", "<tdl/>"],
  ["an unknown element", wrap("<script/>")],
  ["text between elements", wrap("hello")],
  ["an entity that grows", `<!DOCTYPE tdl [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${wrap("&b;")}`],
  ["an entity from a file", `<!DOCTYPE tdl [<!ENTITY a SYSTEM "file:///etc/hostname">]>${wrap("&a;")}`],
  ["an undeclared entity", wrap("&a;")],
  ["an attribute that is no number", wrap('<table number="0x10" name="T" type="A"/>')],
  ["conditions nested without end", wrap(`<packedRecord name="A">${'<if test="1">'.repeat(200)}${"</if>".repeat(200)}</packedRecord>`)],
  ["more than 4,000,000 characters", wrap(" ".repeat(4_000_001))],
  ["a zero character", `${wrap("")}\0`],
])("%s is refused", (_, xml) => {
  expect(() => parseTdl(xml, "type.xml")).toThrow(TablesError);
});

const inRecord = (inner: string): string => wrap(`<packedRecord name="A">${inner}</packedRecord>`);

test.each([
  ["an element of another namespace", wrap('<x:packedRecord xmlns:x="urn:other" name="A"/>'), "<packedRecord> is of another namespace: urn:other"],
  ["an attribute of another namespace", wrap('<packedRecord name="A" xmlns:x="urn:other" x:name="B"/>'), "has the attribute {urn:other}name; expected name, source, unverified"],
  ["an unknown attribute", inRecord('<field name="F" type="UINT8" colour="red"/>'), "<field> has the attribute colour"],
  ["an attribute that would make another element of it", inRecord('<field name="F" type="UINT8" kind="if"/>'), "<field> has the attribute kind"],
  ["an attribute that objects inherit", wrap('<packedRecord name="A" __proto__="x"/>'), "has the attribute __proto__"],
  ["an attribute of the root", '<tdl xmlns="urn:metersmith:tdl:1" version="2"/>', "<tdl> has the attribute version; expected none"],
  ["text in disguise", inRecord("<![CDATA[F]]>"), "text in <packedRecord>"],
  ["an instruction", wrap("<?include other.xml?>"), "an instruction in <tdl>"],
  ["something in a field", inRecord('<field name="F" type="UINT8"><field name="G" type="UINT8"/></field>'), "<field> was not expected in <field>"],
  ["something in a table", wrap('<table number="2048" name="T" type="A"><field name="G" type="UINT8"/></table>'), "<field> was not expected in <table>"],
  ["two branches for the rest", inRecord('<if test="1"><else/><else/></if>'), "<else> was not expected in <if>"],
  ["a branch before the members", inRecord('<if test="1"><else/><field name="F" type="UINT8"/></if>'), "<else> was not expected in <if>"],
  ["a branch with a condition", inRecord('<if test="1"><else test="0"/></if>'), "<else> has the attribute test; expected none"],
  ["cases without a switch", inRecord('<case values="1"><field name="F" type="UINT8"/></case>'), "<case> was not expected in <packedRecord>"],
  ["a case without values", inRecord('<switch on="1"><case><field name="F" type="UINT8"/></case></switch>'), "line 1: <case> needs values, whole numbers with blanks between"],
  ["a case for a number in other digits", inRecord('<switch on="1"><case values="1 0x2"/></switch>'), "<case> needs values"],
  ["a field between cases", inRecord('<switch on="1"><field name="F" type="UINT8"/></switch>'), "<field> was not expected in <switch>"],
  ["another encoding than the text has", `<?xml version="1.0" encoding="ISO-8859-1"?>${wrap("")}`, "declares another encoding than UTF-8"],
])("%s is refused, not passed over", (_, xml, message) => {
  expect(() => parseTdl(xml, "type.xml")).toThrow(expect.objectContaining({ code: "bad-xml", message: expect.stringContaining(message) as unknown }) as TablesError);
});

test("a declaration of UTF-8, comments, and a hint of where the schema is change nothing", () => {
  const hint = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:metersmith:tdl:1 http://127.0.0.1/tdl.xsd"';
  const xml = `<?xml version="1.0" encoding="utf-8"?><!-- a --><tdl xmlns="urn:metersmith:tdl:1" ${hint}><!-- b --><packedRecord name="A" source="X" unverified="é"/></tdl>`;
  expect(parseTdl(xml)).toEqual(parseTdl(wrap('<packedRecord name="A" source="X" unverified="é"/>')));
});

test("[TDL-1] the example of the reference page is valid, extends the standard's tables, and reads octets", () => {
  const page = readFileSync(new URL("../../../docs/reference/tdl.md", import.meta.url), "utf8");
  const example = /```xml\n([^`]*)```/.exec(page)?.[1] ?? "";
  validateTdl(example, readFileSync(new URL("tdl.xsd", import.meta.url), "utf8"));
  const definitions = extendDefinitions(standardDefinitions, parseTdl(example));
  const meter = MeterContext.of(definitions, new Map([[0, leastFirst[0]], [51, leastFirst[51]]]));
  // Two switches by table 51: tier 2 at 15:30 is 0x7BC2.
  expect(meter.decode(2051, fromHex("c27b 00 00a0 01")).get("TIER_SWITCHES[0]")).toEqual({ TIER_SWITCH: { NEW_TIER: 2, SWITCH_MIN: 30, SWITCH_HOUR: 15 }, DAY_SCH_NUM: 0 });
});

test("an error names the file and the line", () => {
  expect(() => parseTdl(wrap("\n\n<script/>"), "type.xml")).toThrow("type.xml: line 3: <script> was not expected in <tdl>");
});

test("arbitrary text never ends in another error", () => {
  const pieces = fc.constantFrom("<", ">", "/", "tdl", "field", ' name="A"', ' xmlns="urn:metersmith:tdl:1"', "&amp;", "<!--", "-->", "<![CDATA[", "]]>", "\u0000", "x", " ");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      try {
        parseTdl(parts.join(""));
      } catch (error) {
        if (!(error instanceof TablesError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});
