import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "./system-clock.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { day, openCertificateAuthority, type CertificateAuthority, type IssuedCertificate } from "./certificate-authority.ts";
import { openMutualTlsClient, type MutualTlsClient, type MutualTlsPlace } from "./mutual-tls-client.ts";
import { serveMutualTls, type HttpsRequest } from "./mutual-tls-server.ts";

const now = Date.now();
const host = "127.0.0.1";
let folder: string;
let ours: CertificateAuthority;
let theirs: CertificateAuthority;
let client: IssuedCertificate;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tls-"));
  ours = await openCertificateAuthority(join(folder, "ours"), "ours", now);
  theirs = await openCertificateAuthority(join(folder, "theirs"), "theirs", now);
  client = await ours.issueClient({ name: "head-end", unit: "programmer" }, now, now + day);
});
afterAll(() => rm(folder, { recursive: true }));

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

/** Answers with the method, the target and the body twice; its certificate is for these addresses. */
async function serve(addresses: readonly string[] = [host]): Promise<number> {
  const identity = await ours.issueServer({ name: "meter", addresses }, now, now + day);
  const server = await serveMutualTls({ host, port: 0, identity, authority: ours.certificate, clock: systemClock }, {
    answer: ({ method, target, body }) => ({ status: 207, headers: [["x-asked", `${method} ${target}`]], body: Uint8Array.of(...body, ...body) }),
    refused: () => ({ status: 403, headers: [], body: new Uint8Array() }),
    failed: () => {},
  });
  undo.push(() => server.close());
  return server.port;
}

function dial(port: number, given: Partial<MutualTlsPlace> = {}): MutualTlsClient {
  const made = openMutualTlsClient({ host, port, authority: ours.certificate, ...client, ...given });
  undo.push(() => made.close());
  return made;
}

const put = (...octets: number[]): HttpsRequest => ({ method: "PUT", target: "/v1/x", headers: new Map([["content-type", "text/plain"]]), body: Uint8Array.from(octets) });

test("asks over one connection, and tells status and body", async () => {
  const made = dial(await serve());
  expect(await made.ask(put(1, 2))).toEqual({ status: 207, body: Uint8Array.of(1, 2, 1, 2) });
  expect(await made.ask(put())).toEqual({ status: 207, body: new Uint8Array() });
});

test("a server of another authority, or with a certificate for another address, is told nothing", async () => {
  await expect(dial(await serve(), { authority: theirs.certificate }).ask(put(1))).rejects.toMatchObject({ kind: "link", code: "not-trusted" });
  await expect(dial(await serve(["127.0.0.9"])).ask(put(1))).rejects.toMatchObject({ kind: "link", code: "not-trusted" });
});

test("a certificate of another authority is not taken, which is said", async () => {
  const foreign = await theirs.issueClient({ name: "head-end", unit: "programmer" }, now, now + day);
  await expect(dial(await serve(), foreign).ask(put(1))).rejects.toMatchObject({ kind: "link", message: expect.stringMatching(/certificate|broke/) as unknown });
});

test("an answer longer than is taken, one that does not come, and nobody there", async () => {
  await expect(dial(await serve(), { largestAnswer: 3 }).ask(put(1, 2))).rejects.toMatchObject({ code: "broken" });
  const silent = createServer().listen(0, host);
  undo.push(() => silent.close());
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as AddressInfo;
  await expect(dial(port, { patience: 50 }).ask(put())).rejects.toMatchObject({ code: "connect-timeout" });
  silent.close();
  await expect(dial(port).ask(put())).rejects.toMatchObject({ kind: "link" });
});
