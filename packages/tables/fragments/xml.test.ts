import { describe, expect, test } from "vitest";
import type { TablesError } from "../tables-error.ts";
import { parseFragment } from "./xml.ts";

const wrap = (inner: string, more = ""): string => `<fragment xmlns="urn:metersmith:tdl:1" name="f"${more}>${inner}</fragment>`;
const removal = '<remove target="types/A_RCD"/>';

describe("a fragment in XML", () => {
  test("has a condition, what it is over, and operations", () => {
    expect(parseFragment(wrap(`<when model="IX-4S" firmwareFrom="1.2"/><over fragment="a"/><over fragment="b"/>${removal}<restrict target="enumerations/E" values="1 2"/>`))).toEqual({
      format: "metersmith-fragment-1", name: "f", when: { model: "IX-4S", firmware: { from: "1.2" } }, over: ["a", "b"],
      operations: [{ op: "remove", target: "types/A_RCD" }, { op: "restrict", target: "enumerations/E", values: [1, 2] }],
    });
  });

  test.each([
    ["two conditions", wrap(`<when model="A"/><when model="B"/>${removal}`), "<when> was not expected in <fragment>"],
    ["a condition after operations", wrap(`${removal}<when model="A"/>`), "<when> was not expected in <fragment>"],
    ["an operation of another namespace", wrap('<x:remove xmlns:x="urn:other" target="types/A_RCD"/>'), "<remove> is of another namespace: urn:other"],
    ["an attribute that would make another operation of it", wrap('<remove target="types/A_RCD" op="add"/>'), "<remove> has the attribute op; expected target"],
    ["an attribute of another operation", wrap('<remove target="types/A_RCD" least="1"/>'), "<remove> has the attribute least"],
    ["a condition that there is not", wrap(`<when firmware="1.0"/>${removal}`), "<when> has the attribute firmware"],
    ["something to remove it by", wrap('<remove target="types/A_RCD"><field name="A" type="UINT8"/></remove>'), "<field> was not expected in <remove>"],
    ["an element and a value", wrap('<add to="types/A_RCD" value="1"><field name="A" type="UINT8"/></add>'), "<field> was not expected in <add>"],
    ["two elements", wrap('<add to="types/A_RCD"><field name="A" type="UINT8"/><field name="B" type="UINT8"/></add>'), "<field> was not expected in <add>"],
    ["an attribute of the fragment", wrap(removal, ' base="other"'), "<fragment> has the attribute base; expected name"],
  ])("%s is refused, not passed over", (_, xml, message) => {
    expect(() => parseFragment(xml)).toThrow(expect.objectContaining({ code: "bad-xml", message: expect.stringContaining(message) as unknown }) as TablesError);
  });
});
