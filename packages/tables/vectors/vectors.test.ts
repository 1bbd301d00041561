import { toHex } from "@metersmith/base/bytes";
import { describe, expect, test } from "vitest";
import { MeterContext } from "../context.ts";
import { standardDefinitions } from "../definitions/standard.generated.ts";
import { agreed, BothCodecs } from "./both-codecs.ts";
import { configurationVectors } from "./configuration-vectors.ts";
import { controlsByOrder, dimensionVectors, generalOctets } from "./dimension-vectors.ts";
import { meteringVectors } from "./metering-vectors.ts";
import { octetsIn, type DataOrder, type Vector } from "./notation.ts";
import { procedureVectors } from "./procedure-vectors.ts";

const vectors: readonly Vector[] = [...dimensionVectors, ...configurationVectors, ...meteringVectors].sort((a, b) => a.table - b.table);

function imagesOf(order: DataOrder): Map<number, Uint8Array> {
  const images = new Map<number, Uint8Array>([[0, octetsIn(generalOctets(controlsByOrder[order]), order)]]);
  for (const { table, octets } of dimensionVectors) images.set(table, octetsIn(octets, order));
  return images;
}

test("[TDL-1] every table and every procedure with data in the definitions has a vector", () => {
  const tables = new Set([0, ...vectors.map(({ table }) => table)]);
  expect([...standardDefinitions.tables.keys()].filter((table) => !tables.has(table))).toEqual([]);
  const parts = new Set(procedureVectors.map(({ procedure, part }) => `${procedure} ${part}`));
  const needed = [...standardDefinitions.procedures.values()].flatMap(({ number, parameters, response }) => [
    ...(parameters === undefined ? [] : [`${number} parameters`]), ...(response === undefined ? [] : [`${number} response`]),
  ]);
  expect(needed.filter((part) => !parts.has(part))).toEqual([]);
});

describe.each(["least first", "most first"] as const)("%s", (order) => {
  const images = imagesOf(order);
  const codecs = new BothCodecs(images);
  const { context, slow } = codecs;

  test("[TDL-1] table 0 holds what was put into it by hand", () => {
    const octets = images.get(0)!;
    const value = context.decode(0, octets).tree();
    expect(value).toMatchObject({
      FORMAT_CONTROL_1: { DATA_ORDER: order === "least first" ? 0 : 1, CHAR_FORMAT: 1, MODEL_SELECT: 0 }, FORMAT_CONTROL_2: { TM_FORMAT: 2, DATA_ACCESS_METHOD: 1, ID_FORM: 0, INT_FORMAT: 0 },
      FORMAT_CONTROL_3: { NI_FORMAT1: 8, NI_FORMAT2: 8 }, DEVICE_CLASS: "4d534d54", NAMEPLATE_TYPE: 2, DEFAULT_SET_USED: 0, MAX_PROC_PARM_LENGTH: 24, MAX_RESP_DATA_LEN: 16,
      STD_VERSION_NO: 2, STD_REVISION_NO: 0, NBR_PENDING: 1, MFG_TBLS_USED: [3], STD_PROC_USED: [3, 10], MFG_PROC_USED: [], STD_TBLS_WRITE: [6, 54], MFG_TBLS_WRITE: [],
    });
    expect(slow.decode(0, octets)).toEqual(value);
    expect(toHex(slow.encode(0, value))).toBe(toHex(octets));
    expect(toHex(MeterContext.fromValues(standardDefinitions, new Map([[0, value]])).images.get(0)!)).toBe(toHex(octets));
  });

  test.each(vectors)("[TDL-1] table $table: the octets are the value, and the value the octets, in both codecs", ({ table, octets, value }) => {
    const image = octetsIn(octets, order);
    expect(codecs.of(table, image, value)).toEqual(agreed(image, value));
  });

  test.each(procedureVectors)("[TDL-1] procedure $procedure, $part, in both codecs", ({ procedure, part, octets, value }) => {
    const image = octetsIn(octets, order);
    const { parameters, response } = standardDefinitions.procedures.get(procedure)!;
    const record = (part === "parameters" ? parameters : response)!;
    expect((part === "parameters" ? context.decodeParameters(procedure, image) : context.decodeResponse(procedure, image)).tree()).toEqual(value);
    expect(toHex(part === "parameters" ? context.encodeParameters(procedure, value) : context.encodeResponse(procedure, value))).toBe(toHex(image));
    expect(slow.decodeRecord(record, image)).toEqual(value);
    expect(toHex(slow.encodeRecord(record, value))).toBe(toHex(image));
  });
});
