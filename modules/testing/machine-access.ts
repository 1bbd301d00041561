import { generateKeyPairSync } from "node:crypto";
import type { AccessEntry } from "./access-entry.ts";

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
