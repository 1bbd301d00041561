import { readFile, stat } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fromHex } from "@metersmith/base/bytes";
import { MeterClient } from "@metersmith/client";
import { day, openCertificateAuthority, type IssuedCertificate } from "@metersmith/node/certificate-authority";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openPsemClient } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeliveredMeter } from "../delivered-meter.ts";
import type { Street } from "../street.ts";
import { StreetUnderTest } from "../testing/street-under-test.ts";

const bench = new StreetUnderTest();
afterEach(() => bench.close());

let home: string;
let street: Street;
let meter: DeliveredMeter;
beforeEach(async () => {
  home = await bench.folder();
  await start();
});

async function start(): Promise<void> {
  street = await bench.start(home, { httpsPort: 0 });
  meter = street.meters[0]!;
}

/** What the street gave a role. */
async function shown(role: string): Promise<IssuedCertificate> {
  const pem = await readFile(join(home, "https", `${role}.pem`), "utf8");
  return { certificate: pem, key: pem };
}

interface Asked {
  readonly as?: IssuedCertificate;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

async function ask(method: string, path: string, { as, headers = {}, body }: Asked = {}) {
  const { certificate, key } = as ?? (await shown("programmer"));
  const ca = await readFile(join(home, "https", "authority.crt"), "utf8");
  return new Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string | string[] | undefined>>; readonly text: string }>((resolve, reject) => {
    const sent = request({ host: meter.host, port: meter.httpsPort, method, path, headers, ca, cert: certificate, key, agent: false }, (response) => {
      text(response).then((whole) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: whole }), reject);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

const table6 = "/v1/tables/6";
const fields = (change: object, tag: unknown): Asked => ({ body: JSON.stringify(change), headers: { "content-type": "application/json", "if-match": String(tag) } });

describe("[IPC-1] a meter's configuration tables over HTTPS", () => {
  test("a programmer reads and changes them, a reader only reads; who changes a state that is past is refused", async () => {
    const before = await ask("GET", table6);
    expect(before).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
    const change = fields({ TARIFF_ID: "ET2" }, before.headers["etag"]);
    const refused = await ask("PATCH", table6, { ...change, as: await shown("reader") });
    expect(refused).toMatchObject({ status: 403, headers: { "content-type": "application/problem+json" } });
    expect(JSON.parse(refused.text)).toMatchObject({ code: "not-permitted", table: 6 });
    expect(await ask("PATCH", table6, change)).toMatchObject({ status: 200 });
    expect(await ask("PATCH", table6, change)).toMatchObject({ status: 412 });
    expect((await ask("GET", `${table6}/fields/TARIFF_ID`, { as: await shown("reader") })).text).toBe('"ET2"');
  });

  test("a whole table travels as EDL", async () => {
    const { text: document, headers } = await ask("GET", table6, { headers: { accept: "application/edl+xml" } });
    const changed = document.replace(/<field name="TARIFF_ID">[^<]*</, '<field name="TARIFF_ID">EDL1<');
    expect(await ask("PUT", table6, { body: changed, headers: { "content-type": "application/edl+xml", "if-match": String(headers["etag"]) } })).toMatchObject({ status: 200 });
    expect((await ask("GET", `${table6}/fields/TARIFF_ID`)).text).toBe('"EDL1"');
  });

  test("what is written over HTTPS is there for C12.22, and after a restart, for certificates of before", async () => {
    const programmer = await shown("programmer");
    const { headers } = await ask("GET", table6);
    await ask("PATCH", table6, fields({ TARIFF_ID: "GS2" }, headers["etag"]));
    const client = await bench.client(meter, "tcp");
    const head = new MeterClient(client, standardDefinitions);
    await head.connect({ user: "test", userId: 1, password: fromHex(meter.programmingPassword) });
    expect((await head.readTable(6)).get("TARIFF_ID")).toBe("GS2");
    await head.disconnect();
    await street.stop();
    await start();
    expect((await ask("GET", `${table6}/fields/TARIFF_ID`, { as: programmer })).text).toBe('"GS2"');
    expect(await shown("programmer")).toEqual(programmer);
  });

  test("a role that no access level has is refused, by the meter's own authority too", async () => {
    const authority = await openCertificateAuthority(join(home, "https"), "unused", systemClock.now());
    const stranger = await authority.issueClient({ name: "somebody", unit: "janitor" }, systemClock.now(), systemClock.now() + day);
    const refused = await ask("GET", table6, { as: stranger });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text)).toMatchObject({ code: "not-permitted", detail: expect.stringContaining("reader, programmer, master") as unknown });
  });

  test("another street's certificate of the same role opens nothing", async () => {
    const other = await openCertificateAuthority(await bench.folder(), "Metersmith demonstration street", systemClock.now());
    const foreign = await other.issueClient({ name: "demonstration master", unit: "master" }, systemClock.now(), systemClock.now() + day);
    await expect(ask("GET", table6, { as: foreign })).rejects.toThrow();
  });

  test.each(["/v1/tables/../tables/6", "/v1/tables/%2e%2e/tables/6", "//v1/tables/6", "/v1/tables/6/fields/..%2f..%2f7", "/v1/tables/6%00"])("the path %s leads nowhere", async (path) => {
    expect((await ask("GET", path)).status).toBe(404);
  });

  test("a local session that goes first keeps the card out, and says so", async () => {
    await street.stop();
    street = await bench.start(home, { httpsPort: 0, sessions: "local-first" });
    meter = street.meters[0]!;
    const client = new MeterClient(openPsemClient(await connectTcp(meter.host, meter.port), systemClock), standardDefinitions);
    await client.connect({ user: "shop", userId: 1, password: fromHex(meter.programmingPassword) });
    const busy = await ask("GET", table6);
    expect(busy).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    await client.disconnect();
    expect((await ask("GET", table6)).status).toBe(200);
  });

  test("keys are for their owner alone", async () => {
    for (const file of ["authority.pem", "reader.pem", "programmer.pem", "master.pem"]) expect((await stat(join(home, "https", file))).mode & 0o777, file).toBe(0o600);
  });
});
