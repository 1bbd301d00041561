import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeImage } from "@metersmith/images";
import { sendToCard, type AskCard, type Sending } from "@metersmith/nic";
import { day, openCertificateAuthority, type IssuedCertificate } from "@metersmith/node/certificate-authority";
import { openMutualTlsClient, type MutualTlsClient } from "@metersmith/node/mutual-tls-client";
import { systemClock } from "@metersmith/node/system-clock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeliveredMeter } from "../delivered-meter.ts";
import type { Street } from "../street.ts";
import { StreetUnderTest } from "../testing/street-under-test.ts";
import { setClock, trustedImage, trustFile } from "../testing/trusted-image.ts";

const image = await trustedImage();
const parts = decodeImage(image);

const bench = new StreetUnderTest();
afterEach(() => bench.close());

let home: string;
let street: Street;
let meter: DeliveredMeter;
let trust: readonly string[];
beforeEach(async () => {
  home = await bench.folder();
  trust = [await trustFile(home)];
  await start({ trust });
  await setClock(meter);
});

async function start(config: Parameters<StreetUnderTest["start"]>[1]): Promise<void> {
  street = await bench.start(home, { httpsPort: 0, ...config });
  meter = street.meters[0]!;
}

async function dial(as: string | IssuedCertificate): Promise<MutualTlsClient> {
  const pem = typeof as === "string" ? await readFile(join(home, "https", `${as}.pem`), "utf8") : undefined;
  const identity = typeof as === "string" ? { certificate: pem ?? "", key: pem ?? "" } : as;
  const client = openMutualTlsClient({ host: meter.host, port: meter.httpsPort!, authority: await readFile(join(home, "https", "authority.crt"), "utf8"), ...identity });
  bench.later(() => client.close());
  return client;
}

async function send(as: string | IssuedCertificate, most = Number.POSITIVE_INFINITY): Promise<Sending> {
  const client = await dial(as);
  let asked = 0;
  const ask: AskCard = (request) => (asked++ < most ? client.ask(request) : Promise.reject(new Error("the network is down")));
  return sendToCard(ask, image).finally(() => client.close());
}

const put = async (part: string, body: Uint8Array): Promise<number> => (await (await dial("programmer")).ask({ method: "PUT", target: `/v1/image/${part}`, headers: new Map(), body })).status;

describe("[FWU-1.5] [FWU-1.6] an image over HTTPS to the card, and from it to the board", () => {
  test("what came before the street ended is there after it, and the update ends with what table 1 shows", async () => {
    await expect(send("programmer", 4)).rejects.toThrow("the network is down");
    await street.stop();
    await start({ trust });
    const { sent, installation } = await send("programmer");
    expect(installation).toMatchObject({ outcome: "confirmed", metrologyCheck: "passed", firmware: { before: 0x0100, after: 0x0200 } });
    expect(sent).toBe(parts.payload.length - 2 * 64);
    const shown = await (await dial("reader")).ask({ method: "GET", target: "/v1/tables/1/fields/FW_VERSION", headers: new Map(), body: new Uint8Array() });
    expect([shown.status, new TextDecoder().decode(shown.body)]).toEqual([200, "2"]);
  });

  test("a street that stops while an image is on its way leaves a meter that takes it afterwards", async () => {
    const sending = send("programmer").catch((error: unknown) => error);
    await street.stop();
    await sending;
    await start({ trust });
    expect((await send("programmer")).installation).toMatchObject({ outcome: "confirmed", firmware: { after: 0x0200 } });
  });

  test("a reader's certificate sends none, and a street that trusts nobody takes none", async () => {
    await expect(send("reader")).rejects.toMatchObject({ code: "board-refused", context: { refusal: "not-permitted" } });
    await street.stop();
    await start({});
    await expect(send("programmer")).rejects.toMatchObject({ context: { refusal: "bad-value" } });
  });

  test("another street's certificate of the same role sends none", async () => {
    const other = await openCertificateAuthority(await bench.folder(), "Metersmith demonstration street", systemClock.now());
    const foreign = await other.issueClient({ name: "demonstration master", unit: "master" }, systemClock.now(), systemClock.now() + day);
    await expect(send(foreign)).rejects.toMatchObject({ kind: "link" });
  });

  test("a body over 1 MiB is refused, and so are octets that are not the page's", async () => {
    expect(await put("manifest", new Uint8Array(1_048_577))).toBe(413);
    expect(await put("manifest", parts.signedManifest)).toBe(200);
    expect(await put("inventory", parts.inventory)).toBe(200);
    expect(await put("pages/0", new Uint8Array(64))).toBe(422);
    expect(await put("pages/9999", parts.payload.slice(0, 64))).toBe(422);
  });
});
