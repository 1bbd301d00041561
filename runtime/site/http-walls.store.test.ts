import { createConnection } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { silentLog } from "@metersmith/base/log";
import { systemClock } from "@metersmith/node/system-clock";
import { testDatabase, type TestDatabase } from "@metersmith/postgres/template";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningSite, startSite } from "./site.ts";
import type { SiteConfig } from "./site-config.ts";
import type { SiteModule } from "./site-module.ts";

const things: SiteModule = {
  name: "things",
  migrations: [],
  trail: { record: async () => undefined },
  async mount({ server }) {
    const open = { config: { access: { open: true }, action: { recordedBy: "nothing" } } } as const;
    server.get("/api/v1/things", { config: { access: { open: true } } }, ({ ip }) => ({ ip }));
    server.post("/api/v1/things", open, ({ body }) => ({ took: JSON.stringify(body).length }));
    server.put("/api/v1/things/:id/state", open, () => ({}));
    server.get("/api/v1/secret", { config: { access: { signedIn: true } } }, () => ({}));
  },
};

let database: TestDatabase;
let site: RunningSite;
let behindTls: RunningSite;
beforeAll(async () => {
  database = await testDatabase([]);
  const config: SiteConfig = {
    kind: "utility", slug: "walls", name: "Walls", host: "127.0.0.1", port: 0, ownerDatabaseUrl: database.ownerUrl, databaseUrl: database.appUrl, sessionSecret: "x".repeat(32),
    sealingKey: "00".repeat(32), consoleFolder: tmpdir(), deviceTypesFolder: "unused", manufacturerKeysFolder: "no-such-folder", logFile: "unused", logins: [],
  };
  const start = (more: Partial<SiteConfig>): Promise<RunningSite> => startSite({ ...config, ...more }, [things], { clock: systemClock, log: silentLog });
  site = await start({});
  behindTls = await start({ origin: "https://meters.utility.example", trustedProxies: ["127.0.0.9"] });
});
afterAll(async () => {
  await Promise.all([site.stop(), behindTls.stop()]);
  await database.drop();
});

type Method = "GET" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "PATCH";
const ask = (method: Method, url: string, payload?: string, headers: Record<string, string> = {}) => site.server.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
const json = { "content-type": "application/json" };

test.each([
  ["a good answer", "GET", "/api/v1/things", 200],
  ["one that is refused for want of a sign-in", "GET", "/api/v1/secret", 401],
  ["one for no address of ours", "GET", "/api/v1/nothing", 404],
  ["one for a page", "GET", "/nowhere", 404],
  ["one for what is no address at all", "GET", "/api/%", 400],
  ["one for a method that is not taken", "DELETE", "/api/v1/things", 405],
] as const)("%s carries every header, and nothing inline or made from text is allowed", async (_what, method, url, status) => {
  const { statusCode, headers } = await ask(method, url);
  expect(statusCode).toBe(status);
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
  });
  expect(headers["permissions-policy"]).toContain("camera=()");
  if (url.startsWith("/api/v1")) expect(headers["cache-control"]).toBe("no-store");
  expect(headers).not.toHaveProperty("strict-transport-security");
  expect(headers).not.toHaveProperty("x-powered-by");
});

test("where TLS is in front, browsers are told to stay with it", async () => {
  const { headers } = await behindTls.server.inject({ method: "GET", url: "/api/v1/things" });
  expect(headers["strict-transport-security"]).toMatch(/^max-age=31536000/);
});

test.each([
  ["DELETE", "/api/v1/things", "GET, HEAD, POST"],
  ["GET", "/api/v1/things/17/state", "PUT"],
  ["PATCH", "/api/v1/things/17/state?x=1", "PUT"],
  ["OPTIONS", "/api/v1/secret", "GET, HEAD"],
] as const)("%s %s is answered with what it takes instead: %s", async (method, url, allow) => {
  const answer = await ask(method, url);
  expect([answer.statusCode, answer.headers["allow"]]).toEqual([405, allow]);
  expect(answer.json()).toMatchObject({ code: "method-not-allowed", detail: expect.stringContaining(method) });
});

test("an address below or beside one of ours is none", async () => {
  for (const url of ["/api/v1/things/", "/api/v1/things/17/state/more", "/api/v1/things/1/7/state", "/api/v1xthings"]) expect((await ask("DELETE", url)).statusCode).toBe(404);
});

test("a body of more than a mebibyte is refused, announced or not, and one just below is taken", async () => {
  const of = (octets: number): string => `"${"x".repeat(octets - 2)}"`;
  expect((await ask("POST", "/api/v1/things", of(1_048_576), json)).statusCode).toBe(200);
  expect((await ask("POST", "/api/v1/things", of(1_048_577), json)).statusCode).toBe(413);
  const socket = createConnection(Number(new URL(site.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(`POST /api/v1/things HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`);
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  for (let sent = 0; sent < 17; sent++) socket.write(chunk);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toContain("413 Payload Too Large");
  socket.destroy();
});

test.each([
  ["a form", "application/x-www-form-urlencoded", "a=1"],
  ["plain text, which any page can send", "text/plain", '{"a":1}'],
  ["a form with a file", "multipart/form-data; boundary=x", "--x--"],
])("%s is not read", async (_what, type, payload) => {
  expect((await ask("POST", "/api/v1/things", payload, { "content-type": type })).statusCode).toBe(415);
});

test.each([
  ["a prototype is set", '{"__proto__":{"admin":true}}'],
  ["a constructor is set", '{"constructor":{"prototype":{"admin":true}}}'],
  ["it ends too early", '{"a":'],
])("JSON in which %s is refused", async (_what, payload) => {
  expect((await ask("POST", "/api/v1/things", payload, json)).statusCode).toBe(400);
});

test("a client's address is the socket's, unless a proxy that is trusted says otherwise", async () => {
  const from = (server: RunningSite, remoteAddress: string) => server.server.inject({ method: "GET", url: "/api/v1/things", remoteAddress, headers: { "x-forwarded-for": "203.0.113.7" } });
  expect((await from(site, "127.0.0.9")).json()).toEqual({ ip: "127.0.0.9" });
  expect((await from(behindTls, "127.0.0.8")).json()).toEqual({ ip: "127.0.0.8" });
  expect((await from(behindTls, "127.0.0.9")).json()).toEqual({ ip: "203.0.113.7" });
});

test("behind TLS a write from any origin but the configured one is refused, though it names the host that it was sent to", async () => {
  const write = (origin: string) => behindTls.server.inject({ method: "POST", url: "/api/v1/things", payload: "1", headers: { ...json, origin, host: "inner.example" } });
  expect((await write("https://meters.utility.example")).statusCode).toBe(200);
  expect((await write("http://inner.example")).statusCode).toBe(403);
});
