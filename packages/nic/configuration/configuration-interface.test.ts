import { fromHex, toHex } from "@metersmith/base/bytes";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { nicErrors } from "../nic-error.ts";
import { meteredBoard } from "../testing/metered-board.ts";
import type { BoardAccess } from "./board-session.ts";
import { answerWebRequest } from "./configuration-interface.ts";

interface Asked {
  readonly role?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

let board: BoardAccess;
beforeEach(() => {
  ({ board } = meteredBoard());
});

function ask(method: string, target: string, { role = "programmer", headers = {}, body = "" }: Asked = {}, of = board) {
  const response = answerWebRequest(of, { method, target, headers: new Map(Object.entries(headers)), body: typeof body === "string" ? new TextEncoder().encode(body) : body }, { name: "head-end", role });
  const shown = new Map(response.headers);
  const text = new TextDecoder().decode(response.body);
  return { status: response.status, headers: shown, text, octets: response.body, etag: shown.get("etag") ?? "", json: (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown> };
}

const json = "application/json";
const edl = "application/edl+xml";
const octets = "application/octet-stream";
const put = (table: number, type: string, body: string | Uint8Array, tag?: string, role?: string) =>
  ask("PUT", `/v1/tables/${table}`, { body, ...(role ? { role } : {}), headers: { "content-type": type, ...(tag === undefined ? {} : { "if-match": tag }) } });
const patch = (table: number, fields: object, tag?: string, role?: string) =>
  ask("PATCH", `/v1/tables/${table}`, { body: JSON.stringify(fields), ...(role ? { role } : {}), headers: { "content-type": json, ...(tag === undefined ? {} : { "if-match": tag }) } });

describe("[IPC-1] a configuration table is read", () => {
  test("the list says which tables there are, and which can be written", () => {
    const { tables } = ask("GET", "/v1/tables").json() as { tables: { table: number; writable: boolean }[] };
    expect(tables.find(({ table }) => table === 54)).toEqual({ table: 54, number: "54", name: "CALENDAR_TBL", writable: true });
    expect(tables.find(({ table }) => table === 1)).toMatchObject({ writable: false });
  });

  test("as JSON, as EDL, as octets: the tag is the digest of the octets and the form", () => {
    const raw = ask("GET", "/v1/tables/1", { headers: { accept: octets } });
    // MANUFACTURER and ED_MODEL, by the standard's table 1.
    expect(toHex(raw.octets).startsWith(toHex(new TextEncoder().encode("MSMTRX-2S")))).toBe(true);
    const digest = toHex(sha256(raw.octets));
    expect(raw.etag).toBe(`"${digest}.octets"`);
    const asJson = ask("GET", "/v1/tables/1");
    expect(asJson.json()).toMatchObject({ MANUFACTURER: "MSMT", MFG_SERIAL_NUMBER: "NIC00001" });
    expect([asJson.headers.get("content-type"), asJson.etag]).toEqual([json, `"${digest}.json"`]);
    const asEdl = ask("GET", "/v1/tables/1", { headers: { accept: `text/html, ${edl};q=0.9, ${json};q=0.5` } });
    expect([asEdl.headers.get("content-type"), asEdl.etag]).toEqual([edl, `"${digest}.edl"`]);
    expect(asEdl.text).toContain('<field name="MFG_SERIAL_NUMBER">NIC00001</field>');
  });

  test("a field alone, also by a path with brackets in percent-encoding; HEAD gives the same head and no body", () => {
    expect(ask("GET", "/v1/tables/41/fields/NBR_PASSWORDS").text).toBe("3");
    const plainly = ask("GET", "/v1/tables/22/fields/SUMMATION_SELECT[1]");
    expect(ask("GET", "/v1/tables/22/fields/SUMMATION_SELECT%5B1%5D").text).toBe(plainly.text);
    const head = ask("HEAD", "/v1/tables/22");
    expect([head.status, head.text, head.etag]).toEqual([200, "", ask("GET", "/v1/tables/22").etag]);
  });
});

describe("[IPC-1] a configuration table is written, compared with what it was", () => {
  test("by fields: only their bits change, and what changed is told", () => {
    const { etag, json: before } = ask("GET", "/v1/tables/6");
    const changed = patch(6, { TARIFF_ID: "ET2", MISC_ID: "x" }, etag);
    expect(changed.json()).toEqual({ table: 6, changed: [expect.objectContaining({ field: "TARIFF_ID", before: "", after: "ET2" }), expect.objectContaining({ field: "MISC_ID", after: "x" })] });
    const after = ask("GET", "/v1/tables/6");
    expect(after.json()).toEqual({ ...before(), TARIFF_ID: "ET2", MISC_ID: "x" });
    expect(changed.etag).toBe(after.etag);
  });

  test.each([json, edl, octets])("whole, as %s: what one meter gave, another takes", (type) => {
    const source = meteredBoard().board;
    const tag = ask("GET", "/v1/tables/54", {}, source).etag;
    const some = ask("PATCH", "/v1/tables/54", { body: '{"TIER_SWITCHES[1].DAY_SCH_NUM":3}', headers: { "content-type": json, "if-match": tag } }, source);
    expect(some.json()).toMatchObject({ changed: [{ field: "TIER_SWITCHES[1].DAY_SCH_NUM", before: 255, after: 3 }] });
    const given = ask("GET", "/v1/tables/54", { headers: { accept: type } }, source);
    const own = ask("GET", "/v1/tables/54");
    const taken = put(54, type, given.octets, own.etag);
    expect(taken.status).toBe(200);
    expect(taken.json()).toMatchObject({ changed: [{ field: "TIER_SWITCHES[1].DAY_SCH_NUM", after: 3 }] });
    expect(ask("GET", "/v1/tables/54", { headers: { accept: type } }).text).toBe(given.text);
  });

  test("from any form's tag; without one, with another state's, with a weak one or a star it is refused and nothing is written", () => {
    const { etag } = ask("GET", "/v1/tables/6", { headers: { accept: edl } });
    const fields = { TARIFF_ID: "A" };
    expect(patch(6, fields).status).toBe(428);
    expect(patch(6, fields, "*").status).toBe(428);
    for (const tag of [`W/${etag}`, '"00"', etag.replace(/[0-9a-f]/, "x")]) expect(patch(6, fields, tag).json()).toMatchObject({ status: 412, code: "changed-meanwhile", table: 6 });
    expect(ask("GET", "/v1/tables/6/fields/TARIFF_ID").text).toBe('""');
    expect(patch(6, fields, `"other", ${etag}`).status).toBe(200);
    expect(patch(6, { TARIFF_ID: "B" }, etag).status).toBe(412);
  });

  test("the write is one request to the board", () => {
    let writes = 0;
    const counted: BoardAccess = { ...board, open: () => {
      const device = board.open();
      return new Proxy(device, { get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => {
          if (String(name).startsWith("write")) writes++;
          return (member as (...all: unknown[]) => unknown).apply(target, given);
        };
      } });
    } };
    const { etag } = ask("GET", "/v1/tables/6", {}, counted);
    expect(ask("PATCH", "/v1/tables/6", { body: JSON.stringify({ OWNER_NAME: "A", MISC_ID: "Z" }), headers: { "content-type": json, "if-match": etag } }, counted).status).toBe(200);
    expect(writes).toBe(1);
  });

  test("in the other data order and formats of another type too", () => {
    const other = meteredBoard("ix-4s").board;
    const { etag } = ask("GET", "/v1/tables/6", {}, other);
    expect(ask("PATCH", "/v1/tables/6", { body: '{"TARIFF_ID":"GS2"}', headers: { "content-type": json, "if-match": etag } }, other).status).toBe(200);
    expect(ask("GET", "/v1/tables/6/fields/TARIFF_ID", {}, other).text).toBe('"GS2"');
  });
});

describe("[IPC-1] a refusal names place and reason", () => {
  const whole = (change: object): string => JSON.stringify({ ...ask("GET", "/v1/tables/22").json(), ...change });
  const tag = (table: number): string => ask("GET", `/v1/tables/${table}`).etag;

  test.each<[string, () => ReturnType<typeof ask>, object]>([
    ["a role without rights", () => patch(6, { TARIFF_ID: "A" }, tag(6), "reader"), { status: 403, code: "not-permitted", table: 6 }],
    ["a role that no level has", () => ask("GET", "/v1/tables/6", { role: "admin" }), { status: 403, code: "not-permitted" }],
    ["a table that cannot be written", () => patch(1, { ED_MODEL: "X" }, tag(1)), { status: 403, code: "not-permitted", table: 1 }],
    ["a table that the meter lacks", () => ask("GET", "/v1/tables/70"), { status: 404, code: "no-such-table", table: 70 }],
    ["a table beyond all", () => ask("GET", "/v1/tables/4096"), { status: 404, code: "no-such-table", table: 4096 }],
    ["a field that the table lacks", () => patch(6, { COLOUR: 1 }, tag(6)), { status: 404, code: "no-such-field", table: 6, field: "COLOUR" }],
    ["an element past the end", () => ask("GET", "/v1/tables/22/fields/SUMMATION_SELECT[2]"), { status: 404, code: "no-such-field", field: "SUMMATION_SELECT[2]" }],
    ["a value that a field cannot hold", () => patch(22, { "SUMMATION_SELECT[0]": 256 }, tag(22)), { status: 422, code: "bad-value", table: 22, field: "SUMMATION_SELECT[0]" }],
    ["a value of another kind", () => patch(22, { "SUMMATION_SELECT[0]": "red" }, tag(22)), { status: 422, code: "bad-value", field: "SUMMATION_SELECT[0]" }],
    ["a whole table with a field missing", () => put(22, json, '{"SUMMATION_SELECT":[0,1]}', tag(22)), { status: 422, code: "not-whole", table: 22 }],
    ["a whole table with a list too short", () => put(22, json, whole({ SUMMATION_SELECT: [1] }), tag(22)), { status: 422, code: "not-whole", field: "SUMMATION_SELECT" }],
    ["a whole table with a field too many", () => put(22, json, whole({ COLOUR: 1 }), tag(22)), { status: 422, code: "bad-value", table: 22, actual: "COLOUR" }],
    ["octets of another length", () => put(22, octets, fromHex("00"), tag(22)), { status: 422, code: "bad-value", expected: 4, actual: 1 }],
    ["what is no JSON", () => put(22, json, "{", tag(22)), { status: 400, code: "bad-request" }],
    ["what is no UTF-8", () => put(22, json, Uint8Array.of(0x22, 0xff, 0x22), tag(22)), { status: 400, code: "bad-request" }],
    ["an EDL document of another table", () => put(22, edl, ask("GET", "/v1/tables/6", { headers: { accept: edl } }).text, tag(22)), { status: 400, code: "bad-request" }],
    ["an EDL document with an entity", () => put(22, edl, '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><edl xmlns="urn:metersmith:edl:1"><table number="22"/></edl>', tag(22)), { status: 400, code: "bad-request" }],
    ["a form that is not offered", () => ask("GET", "/v1/tables/6", { headers: { accept: "text/html" } }), { status: 406, code: "not-acceptable" }],
    ["a form that is not taken", () => put(6, "text/plain", "x", tag(6)), { status: 415, code: "unsupported-media-type" }],
    ["another character set", () => put(6, "application/json; charset=latin1", "{}", tag(6)), { status: 415, code: "unsupported-media-type" }],
    ["a method that is not offered", () => ask("DELETE", "/v1/tables/6"), { status: 405, code: "method-not-allowed" }],
    ["a body beyond all measure", () => put(22, json, new Uint8Array(1_048_577), tag(22)), { status: 413, code: "too-large" }],
    ["the passwords", () => put(42, octets, new Uint8Array(1), tag(6), "master"), { status: 403, code: "not-permitted", table: 42 }],
    ["a procedure", () => ask("PUT", "/v1/tables/7", { body: Uint8Array.of(4, 0, 1), headers: { "content-type": octets, "if-match": ask("GET", "/v1/tables/7", { headers: { accept: octets } }).etag } }), { status: 403, code: "not-permitted", table: 7 }],
  ])("%s", (_, asked, expected) => {
    const refused = asked();
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(refused.json()).toMatchObject(expected);
    expect(String(refused.json()["detail"]).length).toBeGreaterThan(10);
  });

  test("the methods that are offered stand in Allow", () => {
    expect(ask("POST", "/v1/tables").headers.get("allow")).toBe("GET, HEAD");
    expect(ask("POST", "/v1/tables").json()).not.toHaveProperty("allow");
  });

  test("a change that the meter acknowledges and does not keep is told", () => {
    const stuck = meteredBoard("rx-2s", { stuckBits: [{ table: 22, offset: 1, mask: 0x01, value: 0x01 }] }).board;
    const { etag } = ask("GET", "/v1/tables/22", {}, stuck);
    const refused = ask("PATCH", "/v1/tables/22", { body: '{"SUMMATION_SELECT[1]":2}', headers: { "content-type": json, "if-match": etag } }, stuck);
    expect(refused.json()).toMatchObject({ status: 502, code: "not-taken", table: 22, field: "SUMMATION_SELECT[1]" });
  });
});

describe("a path", () => {
  test.each([
    "", "/", "/v1", "/v1/", "/v2/tables", "/v1/tables/", "/v1//tables", "//v1/tables", "/v1/tables/06", "/v1/tables/6/", "/v1/tables/-1", "/v1/tables/6.0", "/v1/tables/0x6", "/v1/tables/٦",
    "/v1/tables/6/fields", "/v1/tables/6/fields/", "/v1/tables/6/fields/..", "/v1/tables/../tables/6", "/v1/tables/%36", "/v1/tables/6%2ffields", "/v1/%74ables", "/v1/tables/6/fields/%2e%2e",
    "/v1/tables/6/fields/TARIFF_ID/x", "/v1/tables/6/fields/__proto__", "/v1/tables/6/fields/constructor", "/v1/tables/6/fields/A[", "/v1/tables/6/fields/A[-1]", "/v1/tables/6/fields/A%00",
    "/v1\\tables", "/v1/tables/6\\fields", "http://x/v1/tables", "*", "/v1/tables/6;a=b", "/V1/tables",
  ])("%s leads nowhere", (target) => {
    expect(ask("GET", target).status).toBe(404);
  });

  test.each(["/v1/tables?x=1", "/v1/tables#a", `/v1/tables/${"1".repeat(600)}`])("with a query, a fragment or of great length is no request: %s", (target) => {
    expect(ask("GET", target).status).toBe(400);
  });
});

test("names of the language's own objects are no fields", () => {
  const { etag } = ask("GET", "/v1/tables/6");
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", ""]) {
    expect(ask("PATCH", "/v1/tables/6", { body: `{"${name}":"x"}`, headers: { "content-type": json, "if-match": etag } }).status).toBe(404);
    expect(ask("PUT", "/v1/tables/6", { body: `{"${name}":"x"}`, headers: { "content-type": json, "if-match": etag } }).status).toBe(422);
  }
});

test("whatever is asked, the answer is one of the known ones, and the table is only changed by what was accepted", () => {
  const { etag } = ask("GET", "/v1/tables/22");
  const known = new Set<number>([200, ...Object.values(nicErrors).map(([status]) => status)]);
  const target = fc.oneof(fc.string(), fc.constant("/v1/tables/22"), fc.string().map((tail) => `/v1/tables/22/fields/${tail}`));
  fc.assert(fc.property(fc.constantFrom("GET", "PUT", "PATCH", "HEAD", "TRACE"), target, fc.constantFrom(json, edl, octets, "x"), fc.oneof(fc.string(), fc.json()), (method, path, type, body) => {
    const before = ask("GET", "/v1/tables/22").etag;
    const answered = ask(method, path, { body, headers: { "content-type": type, "if-match": etag, accept: type } });
    expect(known).toContain(answered.status);
    if (answered.status !== 200) expect(ask("GET", "/v1/tables/22").etag).toBe(before);
  }), { numRuns: 300 });
});
