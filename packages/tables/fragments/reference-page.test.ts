import { readFileSync } from "node:fs";
import { toHex } from "@metersmith/base/bytes";
import { beforeAll, expect, test } from "vitest";
import { accessMask } from "../addressing/masked-image.ts";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import type { Definitions } from "../tdl/definitions.ts";
import { readDefinitions } from "../tdl/definitions.ts";
import { parseTdl, validateTdl } from "../tdl/xml.ts";
import { tdlXml } from "../tdl/xml-writer.ts";
import { leastFirst } from "../testing/hand-made-meters.ts";
import { applyFragments } from "./apply.ts";
import { identityFrom } from "./condition.ts";
import type { Fragment } from "./fragment.ts";
import { readFragments } from "./fragment-reader.ts";
import { parseFragment } from "./xml.ts";

const schema = readFileSync(new URL("../tdl/tdl.xsd", import.meta.url), "utf8");
const page = readFileSync(new URL("../../../docs/reference/fragments.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```xml\n([^`]*)```/g)].map(([, example]) => example ?? "");
let stack: readonly Fragment[];

beforeAll(() => {
  stack = examples.map((example) => parseFragment(example));
});

const applied = (firmware: number): Definitions =>
  applyFragments(standardDefinitions, stack, identityFrom({ MANUFACTURER: "MSMT", ED_MODEL: "IX-4S   ", FW_VERSION: firmware, FW_REVISION: 0 }));
const meter = (definitions: Definitions): MeterContext => MeterContext.of(definitions, new Map([[0, leastFirst[0]], [21, leastFirst[21]]]));

test("[TDL-2] the example of the reference page is valid by the schema", () => {
  expect(examples).toHaveLength(2);
  for (const example of examples) validateTdl(example, schema);
});

test("[TDL-2] it gives the tables that the page says, by firmware", () => {
  const [old, recent] = [meter(applied(1)), meter(applied(2))];
  expect(toHex(old.encode(2051, {}))).toBe("018025");
  expect(toHex(recent.encode(2051, {}))).toBe("0100008025");
  expect([old.layout(6).size, recent.layout(6).size]).toEqual([239, 239]);
  expect(old.encode(2051, { DEMAND_LIMITS: [48_000] })).toHaveLength(3);
  expect(() => recent.encode(2051, { DEMAND_LIMITS: [24_001] })).toThrow("Table MT 3 (SERVICE_SWITCH_TBL), DEMAND_LIMITS[0], octet 3: expected from 100 to 24000, found 24001.");
  expect(toHex(accessMask(old.layout(2051), "write"))).toBe("00ffff");
  expect(toHex(accessMask(recent.layout(2051), "write"))).toBe("0000000000");
});

test("[TDL-2] each part knows who made it", () => {
  const definitions = applied(2);
  expect(definitions.originOf("types/SERVICE_SWITCH_RCD/OPERATIONS")).toBe("service-switch-2");
  expect(definitions.originOf("types/SERVICE_SWITCH_RCD/STATE")).toBe("service-switch");
  expect(definitions.originOf("types/SERVICE_SWITCH_RCD/DEMAND_LIMITS/most")).toBe("service-switch-2");
  expect(definitions.originOf("types/SERVICE_SWITCH_RCD/DEMAND_LIMITS/least")).toBe("service-switch");
  expect(definitions.originOf("types/UTIL_INFO_RCD/MISC_ID")).toBe("base");
  expect(definitions.originOf("types/UTIL_INFO_RCD/PROGRAMMER_NAME/length")).toBe("service-switch");
  expect(definitions.originOf("enumerations/SWITCH_STATE/1")).toBe("service-switch");
  expect(definitions.originOf("enumerations/SWITCH_STATE/2")).toBeUndefined();
  expect(definitions.origins.stack.map(({ name, applied: holds }) => [name, holds])).toEqual([["service-switch", true], ["service-switch-2", true]]);
  expect(applied(1).origins.stack.map((fragment) => fragment.applied)).toEqual([true, false]);
});

test("[TDL-2] what results is complete: it goes out as TDL XML that is valid, and comes back equal", () => {
  const definitions = applied(2);
  const xml = tdlXml(definitions.document);
  validateTdl(xml, schema);
  expect(readDefinitions(parseTdl(xml)).digest).toBe(definitions.digest);
  expect(readDefinitions(JSON.parse(JSON.stringify(definitions.document))).digest).toBe(definitions.digest);
});

test("the XML form and the canonical form of a fragment are one", () => {
  expect(readFragments(JSON.parse(JSON.stringify(stack)))).toEqual(stack);
});
