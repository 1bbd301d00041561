import { readFileSync } from "node:fs";
import { fromHex, toHex } from "@metersmith/base/bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import { TablesError } from "../tables-error.ts";
import { arbitraryMeter, octetsFrom } from "../testing/arbitrary-meters.ts";
import { leastFirst, leastFirstMeter, mostFirstMeter } from "../testing/hand-made-meters.ts";
import { edlOf, imagesFromEdl, valueFromEdl } from "./edl-document.ts";
import { writeEdl } from "./edl-writer.ts";
import { parseEdl, validateEdl } from "./edl-xml.ts";

const schema = readFileSync(new URL("edl.xsd", import.meta.url), "utf8");

const tables = (content: string): string => `<edl xmlns="urn:metersmith:edl:1">${content}</edl>`;

test("[TDL-3] a document says what a table holds, by the standard's names", () => {
  const meter = leastFirstMeter();
  // −420 minutes = 0xFE5C, low octet first.
  const xml = writeEdl(edlOf(standardDefinitions, [meter.decode(53, fromHex("02 00 00 3c 5c fe")), meter.decode(22, fromHex("00 ff 01 01"))]));
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<edl xmlns="urn:metersmith:edl:1" definitions="${standardDefinitions.digest}">
  <table number="53" name="TIME_OFFSET_TBL">
    <field name="DST_TIME_EFF">02:00:00</field>
    <field name="DST_TIME_AMT">60</field>
    <field name="TIME_ZONE_OFFSET">-420</field>
  </table>
  <table number="22" name="DATA_SELECTION_TBL">
    <array name="SUMMATION_SELECT">
      <field>0</field>
      <field>255</field>
    </array>
    <array name="DEMAND_SELECT">
      <field>1</field>
    </array>
    <field name="MIN_OR_MAX_FLAGS">0</field>
    <array name="COINCIDENT_SELECT"/>
    <array name="COIN_DEMAND_ASSOC"/>
  </table>
</edl>
`);
  validateEdl(xml, schema);
});

test("[TDL-3] one document gives each meter the octets of its own data order, time and number forms", () => {
  const document = parseEdl(tables('<table number="53"><field name="DST_TIME_EFF">02:00:00</field><field name="DST_TIME_AMT">60</field><field name="TIME_ZONE_OFFSET">-420</field></table>'));
  expect(toHex(imagesFromEdl(standardDefinitions, document, leastFirstMeter()).images.get(53)!)).toBe("0200003c5cfe");
  expect(toHex(imagesFromEdl(standardDefinitions, document, mostFirstMeter()).images.get(53)!)).toBe("00001c203cfe5c");
});

test("[TDL-3] a document with table 0 and the dimension tables needs no meter", () => {
  const meter = leastFirstMeter();
  const images = { ...leastFirst, 13: fromHex("0f 00") };
  const document = edlOf(standardDefinitions, Object.entries(images).map(([table, bytes]) => meter.decode(Number(table), bytes)));
  const read = imagesFromEdl(standardDefinitions, parseEdl(writeEdl(document)));
  expect([...read.images].map(([table, bytes]) => [table, toHex(bytes)])).toEqual(Object.entries(images).map(([table, bytes]) => [Number(table), toHex(bytes)]));
  expect(read.context.layout(54).size).toBe(23);
});

test("[TDL-3] any table of any meter comes back from XML as the octets it was", () => {
  fc.assert(
    fc.property(arbitraryMeter, fc.nat(), ({ context, sizes }, seed) => {
      const next = octetsFrom(seed);
      const decoded = [...sizes].filter(([table]) => table !== 0).map(([table, size]) => context.decode(table, Uint8Array.from({ length: size }, next)));
      const xml = writeEdl(edlOf(standardDefinitions, decoded));
      validateEdl(xml, schema);
      const document = parseEdl(xml);
      for (const [at, table] of document.tables.entries()) {
        const original = decoded[at]!;
        expect(toHex(context.encode(table.number, valueFromEdl(context.layout(table.number), table))), table.name).toBe(toHex(original.bytes));
      }
    }),
    { numRuns: 12 },
  );
});

test("[TDL-3] text with characters that XML does not carry comes back", () => {
  const meter = leastFirstMeter();
  const bytes = new Uint8Array(20).fill(0x20);
  bytes.set([0x20, 0x26, 0x3c, 0x01, 0x0d, 0x0a]);
  const xml = writeEdl(edlOf(standardDefinitions, [meter.decode(5, bytes)]));
  expect(xml).toContain(`raw:20263c010d0a${"20".repeat(14)}`);
  expect(imagesFromEdl(standardDefinitions, parseEdl(xml), meter).images.get(5)).toEqual(bytes);
  const marked = meter.encode(5, { IDENTIFICATION: '  A&B<"C">' });
  expect(imagesFromEdl(standardDefinitions, parseEdl(writeEdl(edlOf(standardDefinitions, [meter.decode(5, marked)]))), meter).images.get(5)).toEqual(marked);
});

test("a comment in a field is no part of its value, and CDATA is", () => {
  const { images } = imagesFromEdl(standardDefinitions, parseEdl(tables('<table number="53"><field name="DST_TIME_AMT">6<!-- 7 --><![CDATA[0]]></field></table>')), leastFirstMeter());
  expect(images.get(53)?.[3]).toBe(60);
});

describe("refused, with the place", () => {
  test.each([
    ["a number that its field does not hold", '<table number="53"><field name="DST_TIME_AMT">256</field></table>', "bad-value", "Table 53 (TIME_OFFSET_TBL), DST_TIME_AMT, octet 3: expected a whole number from 0 to 255, found 256."],
    ["text for a number", '<table number="53"><field name="DST_TIME_AMT">an hour</field></table>', "bad-value", "DST_TIME_AMT, octet 3"],
    ["a field of another table", '<table number="53"><field name="TARIFF_ID">R1</field></table>', "bad-value", "expected one of DST_TIME_EFF, DST_TIME_AMT, TIME_ZONE_OFFSET, found TARIFF_ID"],
    ["a field twice", '<table number="53"><field name="DST_TIME_AMT">1</field><field name="DST_TIME_AMT">1</field></table>', "bad-value", "DST_TIME_AMT twice"],
    ["a record for a field", '<table number="53"><record name="DST_TIME_AMT"/></table>', "bad-value", "expected <field> with a uint value, found <record>"],
    ["too many elements", '<table number="13"><array name="INTERVAL_VALUE"><record/><record/></array></table>', "bad-value", "expected at most 1 elements, found 2"],
    ["a table twice", '<table number="13"/><table number="13"/>', "bad-value", "Table 13 is there twice"],
    ["a table that is not defined", '<table number="2050"/>', "unknown-table", "MT 2"],
    ["a table number out of range", '<table number="-1"/>', "bad-xml", "number="],
    ["an unknown element", '<table number="53"><value/></table>', "bad-xml", "<value> was not expected in <table>"],
    ["text between fields", '<table number="53">60</table>', "bad-xml", "text in <table>"],
    ["another root", "", "bad-xml", "the root must be"],
    ["an attribute that is none", '<table number="53" colour="red"/>', "bad-xml", "<table> has the attribute colour; expected number, name"],
    ["an element of another namespace", '<x:table xmlns:x="urn:other" number="53"/>', "bad-xml", "<table> is of another namespace: urn:other"],
    ["a field in a field", '<table number="53"><field name="DST_TIME_AMT">6<field/>0</field></table>', "bad-xml", "<field> was not expected in <field>"],
    ["an instruction in a field", '<table number="53"><field name="DST_TIME_AMT">6<?x?>0</field></table>', "bad-xml", "an instruction in <field>"],
  ])("%s", (_what, content, code, message) => {
    const xml = content === "" ? "<edl/>" : tables(content);
    expect(() => imagesFromEdl(standardDefinitions, parseEdl(xml), leastFirstMeter())).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }) as TablesError,
    );
  });

  test.each([
    ["not well-formed", "<edl"],
    ["entities", '<!DOCTYPE edl [<!ENTITY a "b">]><edl>&a;</edl>'],
    ["an entity without a declaration", tables('<table number="53"><field name="X">&bomb;</field></table>')],
    ["too long", `<edl>${" ".repeat(4_000_001)}</edl>`],
    ["too deep", tables(`<table number="1">${"<record>".repeat(60)}${"</record>".repeat(60)}</table>`)],
  ])("%s", (_what, xml) => {
    expect(() => parseEdl(xml)).toThrow(expect.objectContaining({ code: "bad-xml" }) as TablesError);
  });

  test("no table 0, neither in the document nor from a meter", () => {
    expect(() => imagesFromEdl(standardDefinitions, parseEdl(tables('<table number="53"/>')))).toThrow(expect.objectContaining({ code: "dimension-missing" }) as TablesError);
  });

  test("arbitrary XML ends in images or in an error of this package", () => {
    const name = fc.constantFrom("", ' name="DST_TIME_AMT"', ' name="DST_TIME_EFF"', ' name="__proto__"', ' number="53"', ' number="0"', ' number="99999"');
    const { content } = fc.letrec<{ content: string }>((tie) => ({
      content: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("", "1", "x", "&lt;", "<!-- -->", "&x;"),
        fc.tuple(fc.constantFrom("table", "record", "array", "field", "other"), name, fc.array(tie("content"), { maxLength: 3 })).map(([tag, attribute, inner]) => `<${tag}${attribute}>${inner.join("")}</${tag}>`),
      ),
    }));
    fc.assert(
      fc.property(fc.array(content, { maxLength: 3 }), (inner) => {
        try {
          imagesFromEdl(standardDefinitions, parseEdl(tables(inner.join(""))), leastFirstMeter());
        } catch (error) {
          if (!(error instanceof TablesError)) throw error;
        }
      }),
      { numRuns: 200 },
    );
  });
});
