import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import * as oauth from "oauth4webapi";
import { calculateJwkThumbprint } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cheapHashing } from "../testing/cheap-hashing.ts";
import { newPublicKey } from "../testing/machine-access.ts";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import type { Machine, Me } from "./api/contract.ts";
import { identityModule } from "./module.ts";

const AUDIENCE = "http://localhost:0";
let under: SiteUnderTest;
let made = 0;
beforeAll(async () => void (under = await siteUnderTest([identityModule([], { hashing: cheapHashing })], "manufacturer")));
afterAll(() => under.stop());

interface Signer {
  readonly privateKey: KeyObject;
  readonly publicKey: { kty: "OKP"; crv: "Ed25519"; x: string };
  readonly kid: string;
}

async function signer(): Promise<Signer> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const jwk = { kty: "OKP", crv: "Ed25519", x } as const;
  return { privateKey, publicKey: jwk, kid: await calculateJwkThumbprint(jwk) };
}

async function newMachine(roles = ["ami-system"], by = under.as.administrator): Promise<Signer & { machine: Machine }> {
  const key = await signer();
  const { status, body } = await by.post("/api/v1/machines", { name: `Head-end ${made++}`, roles, publicKey: key.publicKey });
  expect(status).toBe(201);
  return { ...key, machine: body as Machine };
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const claimsOf = ({ machine }: { machine: Machine }, more: object = {}) => {
  const now = Math.floor(Date.now() / 1000);
  return { iss: machine.id, sub: machine.id, aud: AUDIENCE, iat: now, exp: now + 60, jti: `jti-${made++}-${now}`, ...more };
};

/** A JWS by hand, so that it can be wrong in every way. */
function jws(header: object, claims: object, signature: (input: Buffer) => Buffer): string {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${signature(Buffer.from(input)).toString("base64url")}`;
}
const signed = (by: Signer & { machine: Machine }, more: object = {}): string => jws({ alg: "EdDSA", kid: by.kid }, claimsOf(by, more), (input) => sign(null, input, by.privateKey));

let address = 0;
/** Each from an address of its own: refusals are counted by it. */
function ask(assertion: string, body = `grant_type=client_credentials&client_assertion_type=${encodeURIComponent("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")}&client_assertion=${assertion}`, remoteAddress = `127.9.0.${(address = (address % 250) + 1)}`) {
  return under.site.server.inject({ method: "POST", url: "/api/auth/token", payload: body, headers: { "content-type": "application/x-www-form-urlencoded" }, remoteAddress });
}
const tokenFor = async (assertion: string): Promise<string> => (await ask(assertion)).json<{ access_token: string }>().access_token;
const me = (token: string) => under.as.anonymous.ask("GET", "/api/v1/me", undefined, { authorization: `Bearer ${token}` });

test("[MFG-6] a machine gets a token by a foreign client of RFC 6749 and RFC 7523, and may do what its role says", async () => {
  const { machine, privateKey, kid } = await newMachine();
  const key = await crypto.subtle.importKey("pkcs8", privateKey.export({ format: "der", type: "pkcs8" }), "Ed25519", false, ["sign"]);
  const server: oauth.AuthorizationServer = { issuer: AUDIENCE, token_endpoint: `${AUDIENCE}/api/auth/token` };
  const client: oauth.Client = { client_id: machine.id };
  const response = await oauth.clientCredentialsGrantRequest(server, client, oauth.PrivateKeyJwt({ key, kid }), {}, {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (_url, { body }) => {
      const answer = await ask("", String(body));
      return new Response(answer.body, { status: answer.statusCode, headers: { "content-type": String(answer.headers["content-type"]) } });
    },
  });
  const { access_token: token, expires_in: lives } = await oauth.processClientCredentialsResponse(server, client, response);
  expect(lives).toBe(600);
  const { body } = await me(token);
  expect(body).toMatchObject({ kind: "machine", id: machine.id, roles: ["ami-system"] });
  expect((body as Me).permissions).toContain("meter.read");
  expect((await under.as.anonymous.ask("GET", "/api/v1/people", undefined, { authorization: `Bearer ${token}` })).status).toBe(403);
});

test("replayed token: what a machine signed brings one token, however many send it at once", async () => {
  const assertion = signed(await newMachine());
  const answers = await Promise.all([1, 2, 3].map(() => ask(assertion)));
  expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  expect((await ask(assertion)).json()).toMatchObject({ code: "token-refused", error: "invalid_client" });
});

test("algorithm confusion: none, an HMAC keyed with the public key, another curve and another's key are refused", async () => {
  const one = await newMachine();
  const other = await newMachine();
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const byMac = (secret: string | Buffer) => jws({ alg: "HS256", kid: one.kid }, claimsOf(one), (input) => createHmac("sha256", secret).update(input).digest());
  const attempts = {
    none: jws({ alg: "none", kid: one.kid }, claimsOf(one), () => Buffer.alloc(0)),
    "none in capitals": jws({ alg: "NONE", kid: one.kid }, claimsOf(one), () => Buffer.alloc(0)),
    "HS256 with the public key as text": byMac(one.publicKey.x),
    "HS256 with the public key's octets": byMac(Buffer.from(one.publicKey.x, "base64url")),
    RS256: jws({ alg: "RS256", kid: one.kid }, claimsOf(one), (input) => sign("sha256", input, rsa)),
    "a key in the header": jws({ alg: "EdDSA", kid: one.kid, jwk: other.publicKey }, claimsOf(one), (input) => sign(null, input, other.privateKey)),
    "another machine's key": jws({ alg: "EdDSA", kid: other.kid }, claimsOf(one), (input) => sign(null, input, other.privateKey)),
    "another machine's id": signed(one, { iss: other.machine.id }),
    "no kid": jws({ alg: "EdDSA" }, claimsOf(one), (input) => sign(null, input, one.privateKey)),
    "an altered claim": signed(one).replace(/\.[^.]+\./, `.${base64url(claimsOf(one, { exp: Math.floor(Date.now() / 1000) + 200 }))}.`),
    "no JWS at all": "x.y.z",
  };
  for (const [what, assertion] of Object.entries(attempts)) expect([what, (await ask(assertion)).statusCode]).toEqual([what, 401]);
  expect((await ask(signed(one))).statusCode).toBe(200);
});

test("clock skew: half a minute off is taken, more is not; expired, not yet good, too long or for another site is refused", async () => {
  const one = await newMachine();
  const now = Math.floor(Date.now() / 1000);
  const status = async (more: object) => (await ask(signed(one, more))).statusCode;
  expect(await status({ iat: now + 20, exp: now + 80 })).toBe(200);
  expect(await status({ iat: now - 80, exp: now - 20 })).toBe(200);
  for (const wrong of [
    { iat: now - 120, exp: now - 40 },
    { iat: now + 60, exp: now + 100 },
    { nbf: now + 60 },
    { exp: now + 3600 },
    { iat: undefined },
    { exp: undefined },
    { jti: undefined },
    { aud: "https://elsewhere.example" },
    { aud: undefined },
  ]) {
    expect([wrong, await status(wrong)]).toEqual([wrong, 401]);
  }
});

test("[MFG-6] a key is changed with an overlap, and a revoked one is worth nothing at once, nor are its tokens", async () => {
  const one = await newMachine();
  const next = await signer();
  const before = await tokenFor(signed(one));
  const change = await under.as.administrator.post(`/api/v1/machines/${one.machine.id}/keys`, { publicKey: next.publicKey, overlapMinutes: 60 });
  const { keys } = change.body as Machine;
  expect(keys.map(({ expiresAt }) => expiresAt === null)).toEqual([false, true]);
  expect((await ask(signed(one))).statusCode).toBe(200);
  const renewed = { ...one, ...next };
  const after = await tokenFor(signed(renewed));
  expect((await under.as.administrator.ask("DELETE", `/api/v1/machines/${one.machine.id}/keys/${keys[0]?.id}`)).status).toBe(200);
  expect([(await me(before)).status, (await me(after)).status, (await ask(signed(one))).statusCode]).toEqual([401, 200, 401]);
  // Never again, under whatever name.
  expect((await under.as.administrator.post("/api/v1/machines", { name: "Other", roles: [], publicKey: one.publicKey })).status).toBe(409);
});

test("[MFG-6] a machine that is shut out, or has another role, starts anew", async () => {
  const one = await newMachine();
  const token = await tokenFor(signed(one));
  await under.as.administrator.ask("PUT", `/api/v1/machines/${one.machine.id}/roles`, { roles: ["mdms"] });
  expect((await me(token)).status).toBe(401);
  expect((await me(await tokenFor(signed(one)))).body).toMatchObject({ roles: ["mdms"] });
  await under.as.administrator.ask("PUT", `/api/v1/machines/${one.machine.id}/state`, { state: "disabled" });
  expect((await ask(signed(one))).statusCode).toBe(401);
});

test("[MFG-6] no machine gets what only people do, and nobody gives one what they have not", async () => {
  const post = (by: typeof under.as.administrator, roles: string[]) => by.post("/api/v1/machines", { name: `Machine ${made++}`, roles, publicKey: newPublicKey() });
  expect(await post(under.as.administrator, ["security-officer"])).toMatchObject({ status: 422, body: { detail: expect.stringContaining("only people") } });
  const officer = await under.join(under.as.administrator, ["security-officer"]);
  expect((await post(officer, ["ami-system"])).status).toBe(403);
  const strong = await newMachine(["ami-system"]);
  expect((await officer.post(`/api/v1/machines/${strong.machine.id}/keys`, { publicKey: newPublicKey(), overlapMinutes: 0 })).status).toBe(403);
});

test("mass assignment: a private key, a state or an organization among a machine's fields is refused", async () => {
  const { privateKey, publicKey } = await signer();
  const { d } = privateKey.export({ format: "jwk" });
  for (const more of [{ publicKey: { ...publicKey, d } }, { publicKey, state: "active" }, { publicKey, organization: "x" }]) {
    expect((await under.as.administrator.post("/api/v1/machines", { name: "Mass", roles: [], ...more })).status).toBe(400);
  }
});

test("the form: a field that comes twice, JSON beside it, a scope and a body too large are refused", async () => {
  const assertion = signed(await newMachine());
  const form = `grant_type=client_credentials&client_assertion_type=${encodeURIComponent("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")}&client_assertion=${assertion}`;
  expect((await ask("", `${form}&client_assertion=${assertion}`)).statusCode).toBe(400);
  expect((await ask("", `${form}&scope=everything`)).statusCode).toBe(400);
  expect((await ask("", `${form}&client_id=${encodeURIComponent(assertion)}`)).statusCode).toBe(400);
  expect((await ask("", `${form}${"x".repeat(1_100_000)}`)).statusCode).toBe(413);
});

test("a token that is invented, in the address, or beside a cookie lets nobody in", async () => {
  const token = await tokenFor(signed(await newMachine()));
  const asked = async (path: string, headers: Record<string, string>) => (await under.as.anonymous.ask("GET", path, undefined, headers)).status;
  expect(await asked("/api/v1/me", { authorization: `Bearer msm_${"A".repeat(43)}` })).toBe(401);
  expect(await asked("/api/v1/me", { authorization: `Basic ${token}` })).toBe(401);
  expect(await asked(`/api/v1/me?access_token=${token}`, {})).toBe(401);
  expect(await asked("/api/v1/me", { authorization: `Bearer ${token}`, cookie: "metersmith-test.session_token=x" })).toBe(401);
  expect(await asked("/api/v1/me", { authorization: `Bearer ${token}` })).toBe(200);
});
