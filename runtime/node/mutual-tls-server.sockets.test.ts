import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect, type TLSSocket } from "node:tls";
import { FakeClock } from "@metersmith/base/clock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { day, openCertificateAuthority, type CertificateAuthority, type IssuedCertificate } from "./certificate-authority.ts";
import { serveMutualTls, type HttpsRequest, type MutualTlsOptions, type MutualTlsServer, type TlsPeer } from "./mutual-tls-server.ts";

const now = Date.now();
const host = "127.0.0.1";
let folder: string;
let authority: CertificateAuthority;
let identity: IssuedCertificate;
let client: IssuedCertificate;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tls-"));
  authority = await openCertificateAuthority(join(folder, "ca"), "test", now);
  identity = await authority.issueServer({ name: "meter", addresses: [host] }, now, now + day);
  client = await authority.issueClient({ name: "head-end", unit: "reader" }, now, now + day);
});
afterAll(() => rm(folder, { recursive: true }));

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

interface Served extends MutualTlsServer {
  readonly clock: FakeClock;
  readonly taken: { readonly request: HttpsRequest; readonly peer: TlsPeer }[];
  readonly failures: unknown[];
}

/** Answers with the length of the body. */
async function serve(options: Partial<MutualTlsOptions> = {}): Promise<Served> {
  const clock = new FakeClock(now);
  const taken: Served["taken"] = [];
  const failures: unknown[] = [];
  const server = await serveMutualTls({ host, port: 0, identity, authority: authority.certificate, clock, ...options }, {
    answer(asked, peer) {
      if (asked.target === "/bug") throw new Error("secret of the inside");
      taken.push({ request: asked, peer });
      return { status: 200, headers: [["content-type", "text/plain"]], body: new TextEncoder().encode(String(asked.body.length)) };
    },
    refused: (why) => ({ status: why === "too-large" ? 413 : 403, headers: [], body: new TextEncoder().encode(why) }),
    failed: (error) => failures.push(error),
  });
  undo.push(() => server.close());
  return { ...server, clock, taken, failures };
}

async function ask({ port }: Served, options: RequestOptions = {}, body?: string | Uint8Array) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const sent = request({ host, port, ca: authority.certificate, cert: client.certificate, key: client.key, agent: false, ...options }, (response) => {
      text(response).then((whole) => resolve({ status: response.statusCode ?? 0, text: whole }), reject);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** A TLS connection with a right certificate, for what no client library would send. */
async function dial({ port }: Served): Promise<TLSSocket> {
  const socket = connect({ host, port, ca: authority.certificate, cert: client.certificate, key: client.key, ALPNProtocols: ["http/1.1"] });
  undo.push(() => socket.destroy());
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  return socket;
}

describe("who shows a right certificate is heard, and known by it", () => {
  test("name and unit of the subject, method, target and body as sent", async () => {
    const served = await serve();
    expect(await ask(served, { method: "PUT", path: "/a/../b?c" }, "12345")).toEqual({ status: 200, text: "5" });
    expect(served.taken).toMatchObject([{ peer: { name: "head-end", unit: "reader" }, request: { method: "PUT", target: "/a/../b?c" } }]);
  });

  test("the answer to HEAD has no body, and the connection goes on", async () => {
    const served = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    undo.push(() => agent.destroy());
    expect(await ask(served, { method: "HEAD", agent })).toEqual({ status: 200, text: "" });
    expect(await ask(served, { method: "GET", agent })).toEqual({ status: 200, text: "0" });
  });

  test("what goes wrong inside is told to the log alone", async () => {
    const served = await serve();
    expect(await ask(served, { path: "/bug" })).toEqual({ status: 500, text: "" });
    expect(served.failures).toEqual([new Error("secret of the inside")]);
  });
});

describe("who does not is refused in the handshake, and no handler hears of it", () => {
  const past = (): Promise<IssuedCertificate> => authority.issueClient({ name: "late", unit: "reader" }, now - 10 * day, now - day);
  const future = (): Promise<IssuedCertificate> => authority.issueClient({ name: "early", unit: "reader" }, now + 5 * day, now + 6 * day);
  const foreign = async (): Promise<IssuedCertificate> => (await openCertificateAuthority(join(folder, "other"), "test", now)).issueClient({ name: "head-end", unit: "reader" }, now, now + day);

  test.each<[string, () => Promise<{ readonly certificate?: string; readonly key?: string }>]>([
    ["without a certificate", async () => ({})],
    ["with one that has expired", past],
    ["with one that is not valid yet", future],
    ["with one of another authority of the same name", foreign],
    ["with a server's certificate", async () => identity],
    ["with a certificate and another's key", async () => ({ certificate: client.certificate, key: identity.key })],
  ])("%s", async (_, shown) => {
    const served = await serve();
    const { certificate, key } = await shown();
    await expect((async () => ask(served, { cert: certificate, key }))()).rejects.toThrow();
    expect(served.taken).toEqual([]);
    expect((await ask(served)).status).toBe(200);
  });

  test("over TLS 1.2", async () => {
    await expect(ask(await serve(), { maxVersion: "TLSv1.2" })).rejects.toThrow();
  });

  test("a client sees by its authority that a server is not the meter it called", async () => {
    const other = await authority.issueServer({ name: "other", addresses: ["127.0.0.2"] }, now, now + day);
    await expect(ask(await serve({ identity: other }))).rejects.toThrow(/127\.0\.0\.1/);
  });
});

test("a certificate that expires while its connection stands is refused from then on", async () => {
  const served = await serve();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  undo.push(() => agent.destroy());
  expect((await ask(served, { agent })).status).toBe(200);
  served.clock.advance(2 * day);
  expect(await ask(served, { agent })).toEqual({ status: 403, text: "no-identity" });
});

test("a certificate that names no unit is refused", async () => {
  const nobody = await authority.issueClient({ name: "head-end", unit: "" }, now, now + day);
  expect(await ask(await serve(), { cert: nobody.certificate, key: nobody.key })).toEqual({ status: 403, text: "no-identity" });
});

describe("a body", () => {
  test("of the largest size is taken, of one octet more it is refused, said beforehand or not", async () => {
    const served = await serve({ largestBody: 1000 });
    expect(await ask(served, { method: "PUT" }, "x".repeat(1000))).toEqual({ status: 200, text: "1000" });
    expect(await ask(served, { method: "PUT", headers: { "content-length": "1001" } }, "x".repeat(1001))).toEqual({ status: 413, text: "too-large" });
    expect(await ask(served, { method: "PUT", headers: { "transfer-encoding": "chunked" } }, "x".repeat(1001))).toEqual({ status: 413, text: "too-large" });
    expect(served.taken).toHaveLength(1);
  });

  test.each(["GET / HTTP/1.1\r\nhost: m\r\nx-slow", "PUT / HTTP/1.1\r\nhost: m\r\ncontent-length: 5\r\n\r\n12"])("that does not come to an end in time is given up: %j", async (begun) => {
    const served = await serve({ requestTime: 100 });
    const socket = await dial(served);
    socket.write(begun);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
    expect(served.taken).toEqual([]);
  });

  test("with two lengths, or none that can be read, is no request", async () => {
    const served = await serve();
    for (const head of ["content-length: 1\r\ntransfer-encoding: chunked", "content-length: 1\r\ncontent-length: 2", "content-length: x", "transfer-encoding: gzip, x"]) {
      const socket = await dial(served);
      socket.write(`PUT / HTTP/1.1\r\nhost: m\r\n${head}\r\n\r\n1`);
      expect(await text(socket), head).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(served.taken).toEqual([]);
  });
});

test("a head beyond 8 KiB is refused", async () => {
  expect((await ask(await serve(), { headers: { "x-long": "y".repeat(9000) } })).status).toBe(431);
});

test("connections beyond the number allowed are closed at once, and room comes again", async () => {
  const served = await serve({ connections: 2 });
  const held = [await dial(served), await dial(served)];
  await expect(ask(served)).rejects.toThrow();
  const gone = new Promise((resolve) => held[0]?.once("close", resolve));
  held[0]?.destroy();
  await gone;
  await expect.poll(async () => ask(served).then(({ status }) => status, () => 0)).toBe(200);
});

test("closing it ends the connections that stand", async () => {
  const served = await serve();
  const socket = await dial(served);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await served.close();
  await closed;
});

describe("the authority", () => {
  test("is the same when it is opened again, and is not replaced where its file is damaged or past its time", async () => {
    const place = join(folder, "kept");
    const made = await openCertificateAuthority(place, "one", now);
    expect((await openCertificateAuthority(place, "two", now)).certificate).toBe(made.certificate);
    await expect(openCertificateAuthority(place, "two", now + 5000 * day)).rejects.toMatchObject({ code: "authority-unusable" });
    await writeFile(join(place, "authority.pem"), made.certificate);
    await expect(openCertificateAuthority(place, "two", now)).rejects.toMatchObject({ code: "authority-unusable" });
  });
});
