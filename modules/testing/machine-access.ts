import { generateKeyPairSync, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, SignJWT } from "jose";
import type { Machine } from "../identity/api/contract.ts";
import type { AccessEntry } from "./access-entry.ts";
import type { Account, SiteUnderTest } from "./site-under-test.ts";

/** Of a key that nobody signs with. */
export function newPublicKey(): { kty: "OKP"; crv: "Ed25519"; x: string } {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x };
}

/** Machines as their organization's security sees them, and the address where they get their tokens. */
export const machineRoutes = (security: readonly string[]): readonly AccessEntry[] => [
  { route: "POST /api/auth/token", who: "anybody", ask: () => ({ path: "/api/auth/token", body: {} }), answers: [400] },
  { route: "GET /api/v1/machines", who: security, ask: () => ({ path: "/api/v1/machines" }), answers: [200] },
  {
    route: "POST /api/v1/machines",
    who: security,
    ask: (_, number) => ({ path: "/api/v1/machines", body: { name: `Machine ${number}`, roles: [], publicKey: newPublicKey() } }),
    answers: [201],
  },
  { route: "PUT /api/v1/machines/:id/roles", who: security, ask: ({ machine }) => ({ path: `/api/v1/machines/${machine}/roles`, body: { roles: [] } }), answers: [200], elsewhere: 404 },
  { route: "PUT /api/v1/machines/:id/state", who: security, ask: ({ machine }) => ({ path: `/api/v1/machines/${machine}/state`, body: { state: "active" } }), answers: [200], elsewhere: 404 },
  {
    route: "POST /api/v1/machines/:id/keys",
    who: security,
    ask: ({ machine }) => ({ path: `/api/v1/machines/${machine}/keys`, body: { publicKey: newPublicKey(), overlapMinutes: 60 } }),
    answers: [200],
    elsewhere: 404,
  },
  // Once: whoever asks again finds it revoked.
  {
    route: "DELETE /api/v1/machines/:id/keys/:key",
    who: security,
    ask: ({ machine, machineKey }) => ({ path: `/api/v1/machines/${machine}/keys/${machineKey}` }),
    answers: [200, 404],
    elsewhere: 404,
  },
];

/** A new machine of the inviting account's organization, with a token. */
export async function machineAccount(under: SiteUnderTest, inviting: Account, roles: readonly string[]): Promise<Account> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const jwk = { kty: "OKP", crv: "Ed25519", x };
  const made = await inviting.post("/api/v1/machines", { name: `Machine ${randomUUID()}`, roles, publicKey: jwk });
  if (made.status !== 201) throw new Error(`making a machine answered ${made.status}: ${JSON.stringify(made.body)}`);
  const { id } = made.body as Machine;
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: "EdDSA", kid: await calculateJwkThumbprint(jwk) })
    .setIssuer(id)
    .setSubject(id)
    .setAudience("http://localhost:0")
    .setIssuedAt()
    .setExpirationTime("1m")
    .sign(privateKey);
  const payload = new URLSearchParams({ grant_type: "client_credentials", client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", client_assertion: assertion }).toString();
  const answer = await under.site.server.inject({ method: "POST", url: "/api/auth/token", payload, headers: { "content-type": "application/x-www-form-urlencoded" } });
  const authorization = `Bearer ${answer.json<{ access_token: string }>().access_token}`;
  const ask: Account["ask"] = (method, path, body, headers = {}) => under.as.anonymous.ask(method, path, body, { authorization, ...headers });
  return { ask, get: (path) => ask("GET", path), post: (path, body = {}, headers = {}) => ask("POST", path, body, headers) };
}
