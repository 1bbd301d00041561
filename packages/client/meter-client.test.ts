import { standardDefinitions } from "@metersmith/tables/standard";
import { expect, test } from "vitest";
import { MeterClient } from "./meter-client.ts";
import { general, TableServer } from "./testing/table-server.ts";

function bench(access = 1): { server: TableServer; client: MeterClient } {
  const server = new TableServer(new Map([
    [0, general([0, 6, 7, 8, 11, 12], access)],
    [6, { TARIFF_ID: "OLD" }],
    [11, { NBR_UOM_ENTRIES: 4 }],
    [12, {}],
  ]));
  return { server, client: new MeterClient(server, standardDefinitions) };
}

test("the tables that dimension others are read once, and no others", async () => {
  const { server, client } = bench();
  await client.context();
  await client.readTable(12);
  await client.readTable(6);
  expect(server.calls).toEqual(["read 0", "read 11", "read 12", "read 6"]);
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

test("a procedure that goes on is asked again until it ends; a result other than 0 is an answer", async () => {
  const { server, client } = bench();
  server.procedureAnswers = [{ echo: true, rest: [1] }, { echo: true, rest: [1] }, { echo: true, rest: [5, 9] }];
  const answer = await client.procedure(10, new Uint8Array(8));
  expect(answer).toEqual({ result: 5, response: Uint8Array.of(9) });
  expect(server.calls.filter((call) => call === "read 8")).toHaveLength(3);
});

test("an answer to another procedure, or none at all in twenty reads, is told apart from a refusal", async () => {
  const { server, client } = bench();
  server.procedureAnswers = [{ echo: false, rest: [0] }];
  await expect(client.procedure(10, new Uint8Array(8))).rejects.toMatchObject({ code: "procedure-lost", kind: "peer-data" });
  server.procedureAnswers = Array.from({ length: 30 }, () => ({ echo: true, rest: [1] }));
  await expect(client.procedure(10, new Uint8Array(8))).rejects.toMatchObject({ code: "procedure-lost", kind: "peer-refused" });
});

test("a password of bytes is padded to its 20 octets", async () => {
  const { server, client } = bench();
  await client.connect({ user: "x", userId: 1, password: Uint8Array.of(1, 2, 3) });
  expect(server.calls).toEqual(["security 20"]);
});
