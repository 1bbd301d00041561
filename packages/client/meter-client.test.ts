import { FakeClock } from "@metersmith/base/clock";
import { untilSettled } from "@metersmith/base/until-settled";
import { PsemError, type C1218Client } from "@metersmith/psem";
import { indicesOf, octetsOfIndices } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import { describe, expect, test } from "vitest";
import { MeterClient } from "./meter-client.ts";
import { general, TableServer } from "./testing/table-server.ts";

function bench(access = 1, clock?: FakeClock): { server: TableServer; client: MeterClient } {
  const server = new TableServer(new Map([
    [0, general([0, 6, 7, 8, 11, 12], access)],
    [6, { TARIFF_ID: "OLD" }],
    [11, { NBR_UOM_ENTRIES: 4 }],
    [12, {}],
  ]));
  return { server, client: new MeterClient(server, standardDefinitions, clock ? { clock } : {}) };
}

/** A meter of DATA_ACCESS_METHOD 2. */
function indexBench({ refuses = false, extra = 0 } = {}): { server: TableServer; client: MeterClient } {
  const { server } = bench(2);
  const place = async (table: number, indices: readonly number[]): Promise<{ offset: number; octets: number }> => {
    if (refuses) throw PsemError.refusal("sns", `access table ${table} by index`);
    const span = octetsOfIndices((await client.context()).layout(table), indices);
    if (!span) throw new Error("no such index");
    return span;
  };
  const byIndex: Pick<C1218Client, "readIndex" | "writeIndex"> = {
    readIndex: async (table, indices) => {
      const { offset, octets } = await place(table, indices);
      server.calls.push(`read ${table} at ${indices.join(".")}`);
      return (server.tables.get(table) ?? new Uint8Array()).slice(offset, offset + octets + extra);
    },
    writeIndex: async (table, indices, bytes) => {
      const { offset } = await place(table, indices);
      server.calls.push(`write ${table} at ${indices.join(".")}, ${bytes.length}`);
      server.tables.get(table)?.set(bytes, offset);
    },
  };
  const client = new MeterClient(Object.assign(server, byIndex), standardDefinitions);
  return { server, client };
}

test("the tables that dimension others are read once, and no others", async () => {
  const { server, client } = bench();
  await client.context();
  await client.readTable(12);
  await client.readTable(6);
  expect(server.calls).toEqual(["read 0", "read 11", "read 12", "read 6"]);
});

describe("what a meter does not negotiate is asked for no more", () => {
  const credentials = { user: "x", userId: 1, password: "x" };
  const asked = async (refuses: (bauds: readonly number[]) => boolean, bauds?: readonly number[]) => {
    const { server, client } = bench();
    const offers: (readonly number[])[] = [];
    server.negotiate = async (packetSize: number, packets: number, offered: readonly number[] = []) => {
      offers.push(offered);
      if (refuses(offered)) throw PsemError.refusal("sns", "agree on packets");
      return { packetSize, packets, ...(offered[0] === undefined ? {} : { baud: offered[0] }) };
    };
    await client.connect(credentials, bauds ? { bauds } : {});
    return { offers, negotiated: client.negotiated };
  };

  test("rates are offered only where the caller gives some", async () => {
    expect(await asked(() => false)).toEqual({ offers: [[]], negotiated: { packetSize: 1024, packets: 32 } });
    expect(await asked(() => false, [38_400, 19_200])).toEqual({ offers: [[38_400, 19_200]], negotiated: { packetSize: 1024, packets: 32, baud: 38_400 } });
  });

  test("a meter that knows no offers is asked without, one that negotiates nothing keeps the base size", async () => {
    expect(await asked((offered) => offered.length > 0, [38_400])).toEqual({ offers: [[38_400], []], negotiated: { packetSize: 1024, packets: 32 } });
    expect(await asked(() => true, [38_400])).toEqual({ offers: [[38_400], []], negotiated: undefined });
  });
});

describe("a meter that holds a session which somebody left open", () => {
  const credentials = { user: "x", userId: 1, password: "x" };
  const occupied = (endsIt: boolean) => {
    const { server, client } = bench();
    const { identify } = server;
    let open = true;
    server.identify = async () => {
      if (open) throw PsemError.refusal("isss", "identify itself");
      return identify();
    };
    server.terminate = async () => {
      server.calls.push("terminate");
      open = !endsIt;
    };
    return { server, client };
  };

  test("has it ended, and is asked again", async () => {
    const { server, client } = occupied(true);
    await client.connect(credentials);
    expect(server.calls).toEqual(["terminate", "security 1"]);
  });

  test("and keeps it is asked twice and no more", async () => {
    const { server, client } = occupied(false);
    await expect(client.connect(credentials)).rejects.toMatchObject({ code: "isss" });
    expect(server.calls).toEqual(["terminate"]);
  });
});

test("a table larger than the negotiated packets is read and written in parts", async () => {
  const { server, client } = bench();
  server.largestRead = 100;
  server.largestWrite = 50;
  const before = await client.readImage(6);
  expect(before.length).toBe(230);
  const target = before.map((octet, index) => (index >= 130 && index < 220 ? octet ^ 1 : octet));
  server.calls.length = 0;
  expect(await client.writeChanges(6, before, target)).toBe(90);
  expect(server.calls).toEqual(["write 6 from 130, 50", "write 6 from 180, 40"]);
  expect(server.tables.get(6)).toEqual(target);
});

test("a meter that takes no parts of tables gets the whole table, and one too large for that is refused before anything is sent", async () => {
  const { server, client } = bench(0);
  const before = await client.readImage(6);
  const target = before.with(170, 0x41);
  expect(await client.writeChanges(6, before, target)).toBe(230);
  expect(server.calls.at(-1)).toBe("write 6, 230");
  server.largestWrite = 100;
  await expect(client.writeChanges(6, target, before)).rejects.toMatchObject({ code: "no-offset-access", context: { table: 6 } });
  expect(server.calls.at(-1)).toBe("write 6, 230");
});

test("equal images write nothing", async () => {
  const { server, client } = bench();
  const image = await client.readImage(6);
  server.calls.length = 0;
  expect(await client.writeChanges(6, image, image)).toBe(0);
  expect(server.calls).toEqual([]);
});

describe("procedures", () => {
  const parameters = new Uint8Array(8);

  test("one that goes on is asked again with growing pauses until it ends; a result other than 0 is an answer", async () => {
    const clock = new FakeClock();
    const { server, client } = bench(1, clock);
    server.procedureAnswers = [...Array.from({ length: 8 }, () => ({ echo: true, rest: [1] })), { echo: true, rest: [5, 9] }];
    const start = clock.now();
    expect(await untilSettled(clock, client.procedure(10, parameters))).toEqual({ result: 5, outcome: "not-authorized", response: Uint8Array.of(9) });
    // 0.1 s doubling to 4 s: 0.1 + 0.2 + 0.4 + 0.8 + 1.6 + 3.2 + 4 + 4.
    expect(clock.now() - start).toBe(14_300);
  });

  test("an answer that an earlier session left is not taken for this one's, even under the same number", async () => {
    const { server, client } = bench(1, new FakeClock());
    server.procedureAnswers = [{ echo: true, rest: [0] }];
    await client.procedure(10, parameters);
    expect(server.calls.slice(-3)).toEqual(["read 8", "write 7, 11", "read 8"]);
    expect(server.initiated?.[2]).toBe(42);
  });

  test("one that never ends, and one that table 8 never answers, are told apart at the deadline", async () => {
    const clock = new FakeClock();
    const { server, client } = bench(1, clock);
    server.procedureAnswers = Array.from({ length: 100 }, () => ({ echo: true, rest: [1] }));
    await expect(untilSettled(clock, client.procedure(10, parameters, { deadline: 10_000 }))).rejects.toMatchObject({ code: "procedure-lost", kind: "peer-refused" });
    server.procedureAnswers = Array.from({ length: 100 }, () => ({ echo: false, rest: [0] }));
    await expect(untilSettled(clock, client.procedure(10, parameters, { deadline: 10_000 }))).rejects.toMatchObject({ code: "procedure-lost", kind: "peer-data" });
  });

  test("without a clock it is given up after twenty reads", async () => {
    const { server, client } = bench();
    server.procedureAnswers = Array.from({ length: 100 }, () => ({ echo: true, rest: [1] }));
    await expect(client.procedure(10, parameters)).rejects.toMatchObject({ code: "procedure-lost" });
    expect(server.calls.filter((call) => call === "read 8")).toHaveLength(21);
  });

  test("a meter that is busy or not ready is asked again; the signal ends the waiting", async () => {
    const clock = new FakeClock();
    const { server, client } = bench(1, clock);
    server.procedureAnswers = [{ refuse: "bsy" }, { refuse: "dnr" }, { echo: true, rest: [0] }];
    expect(await untilSettled(clock, client.procedure(10, parameters))).toMatchObject({ result: 0, outcome: "completed" });
    server.procedureAnswers = [{ refuse: "isc" }];
    await expect(client.procedure(10, parameters)).rejects.toMatchObject({ code: "isc" });
    const cancel = new AbortController();
    server.procedureAnswers = Array.from({ length: 100 }, () => ({ echo: true, rest: [1] }));
    const running = client.procedure(10, parameters, { signal: cancel.signal });
    clock.after(500, () => cancel.abort(new Error("enough")));
    await expect(untilSettled(clock, running)).rejects.toThrow("enough");
    expect(clock.untilNext).toBeUndefined();
  });

  test("a meter asked to answer never, or on failure only, is not waited for", async () => {
    const { server, client } = bench(1, new FakeClock());
    expect(await client.procedure(10, parameters, { reply: "never" })).toMatchObject({ result: 0, assumed: true });
    expect(server.calls.at(-1)).toBe("write 7, 11");
    server.procedureAnswers = [{ echo: false, rest: [0] }];
    expect(await client.procedure(10, parameters, { reply: "on-exception" })).toMatchObject({ result: 0, assumed: true });
    server.procedureAnswers = [{ echo: true, rest: [2] }];
    expect(await client.procedure(10, parameters, { reply: "on-exception" })).toEqual({ result: 2, outcome: "invalid-parameter", response: new Uint8Array() });
  });
});

describe("[MFG-8] fields by name", () => {
  test("a field is read by its octets alone, by the table's name or number", async () => {
    const { server, client } = bench();
    await client.context();
    server.calls.length = 0;
    expect(await client.readField("6.TARIFF_ID")).toBe("OLD");
    expect(server.calls).toEqual(["read 6 from 170, 8"]);
    expect(await client.readField("ACT_SOURCES_LIM_TBL.NBR_UOM_ENTRIES")).toBe(4);
    expect(await client.readField("11")).toMatchObject({ NBR_UOM_ENTRIES: 4, NBR_SOURCES: 0 });
  });

  test("a change writes the octets that differ and keeps the bits beside it", async () => {
    const { server, client } = bench();
    expect(await client.writeField("6.TARIFF_ID", "OLE")).toBe(1);
    expect(server.calls.at(-1)).toBe("write 6 from 172, 1");
    expect(await client.writeField("6.TARIFF_ID", "OLE")).toBe(0);
    server.tables.set(12, Uint8Array.from({ length: 16 }, () => 0xff));
    expect(await client.writeField("12.UOM_ENTRY[2].MULTIPLIER", 0)).toBe(1);
    // Bits 11 to 13 of the third row, least significant octet first.
    expect([...(server.tables.get(12) ?? [])]).toEqual(Array.from({ length: 16 }, (_, octet) => (octet === 9 ? 0xc7 : 0xff)));
    expect(await client.writeField("12.UOM_ENTRY[3]", { ID_CODE: 1, MULTIPLIER: 0 })).toBe(2);
    expect([...(server.tables.get(12) ?? [])].slice(12)).toEqual([1, 0xc7, 0xff, 0xff]);
  });

  test("a meter that takes no parts gives and gets the whole table", async () => {
    const { server, client } = bench(0);
    expect(await client.writeField("6.TARIFF_ID", "NEW")).toBe(230);
    expect(server.calls.slice(-2)).toEqual(["read 6", "write 6, 230"]);
    expect(await client.readField("6.TARIFF_ID")).toBe("NEW");
  });

  test("a meter that knows index access only gives and gets one field by its index list, a bit in its whole bit field", async () => {
    const { server, client } = indexBench();
    expect(await client.readField("6.TARIFF_ID")).toBe("OLD");
    const [position] = indicesOf((await client.context()).layout(6), "TARIFF_ID");
    expect(server.calls.at(-1)).toBe(`read 6 at ${position}`);
    expect(await client.writeField("6.TARIFF_ID", "NEW")).toBe(8);
    expect(server.calls.slice(-2)).toEqual([`read 6 at ${position}`, `write 6 at ${position}, 8`]);
    expect(await client.writeField("6.TARIFF_ID", "NEW")).toBe(0);
    server.tables.set(12, Uint8Array.from({ length: 16 }, () => 0xff));
    expect(await client.writeField("12.UOM_ENTRY[2].MULTIPLIER", 0)).toBe(4);
    expect(server.calls.at(-1)).toBe("write 12 at 0.2, 4");
    expect([...(server.tables.get(12) ?? [])]).toEqual(Array.from({ length: 16 }, (_, octet) => (octet === 9 ? 0xc7 : 0xff)));
  });

  test("one that says so and refuses the service is read as a whole from then on; one that gives another length is told so", async () => {
    const refusing = indexBench({ refuses: true });
    expect(await refusing.client.readField("6.TARIFF_ID")).toBe("OLD");
    expect(await refusing.client.writeField("6.TARIFF_ID", "NEW")).toBe(230);
    expect(refusing.server.calls.slice(-3)).toEqual(["read 6", "read 6", "write 6, 230"]);
    const longer = indexBench({ extra: 1 });
    await expect(longer.client.readField("6.TARIFF_ID")).rejects.toMatchObject({ code: "wrong-length", kind: "peer-data", context: { expected: 8, actual: 9 } });
  });

  test.each([
    ["6.TARIF_ID", "unknown-field", "Table 6 (UTIL_INFO_TBL) has no field TARIF_ID in this meter. It has OWNER_NAME"],
    ["12.UOM_ENTRY[4].MULTIPLIER", "unknown-field", "UOM_ENTRY has elements 0 to 3"],
    ["12.UOM_ENTRY[0].MULTIPLER", "unknown-field", "UOM_ENTRY[0] has ID_CODE"],
    ["54.TIER_SWITCHES", "unknown-table", "this meter has no table 54"],
    ["CLOK_TBL.CLOCK", "unknown-table", "no table is called CLOK_TBL"],
  ])("%s is refused before anything is written, saying what there is", async (name, code, message) => {
    const { server, client } = bench();
    await expect(client.writeField(name, 0)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as unknown });
    await expect(client.readField(name)).rejects.toMatchObject({ code });
    expect(server.calls.filter((call) => call.startsWith("write"))).toEqual([]);
  });

  test("a value that the field cannot hold is refused with the field before anything is asked of the meter", async () => {
    const { server, client } = bench();
    await client.context();
    server.calls.length = 0;
    await expect(client.writeField("6.TARIFF_ID", "much too long")).rejects.toMatchObject({ code: "bad-value", context: { table: 6, field: "TARIFF_ID" } });
    expect(server.calls).toEqual([]);
  });
});

test("a password of bytes is padded to its 20 octets", async () => {
  const { server, client } = bench();
  await client.connect({ user: "x", userId: 1, password: Uint8Array.of(1, 2, 3) });
  expect(server.calls).toEqual(["security 20"]);
});
