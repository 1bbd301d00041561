import type { AccessEntry } from "./access-entry.ts";

const same = (route: AccessEntry["route"], who: AccessEntry["who"], status: number, body?: unknown): AccessEntry => ({
  route,
  who,
  ask: () => ({ path: route.slice(route.indexOf(" ") + 1), ...(body === undefined ? {} : { body }) }),
  answers: [status],
});

/** Signing in, and what everybody does with their own account. An empty body gets as far as the check of its fields: past the guard. */
export const signInRoutes = (security: readonly string[]): readonly AccessEntry[] => [
  same("POST /api/auth/sign-in/email", "anybody", 400, { email: "nobody" }),
  same("POST /api/auth/sign-in/code", "anybody", 400, {}),
  same("POST /api/auth/sign-in/passkey/options", "anybody", 200, {}),
  same("POST /api/auth/sign-in/passkey", "anybody", 400, {}),
  same("POST /api/auth/recovery", "anybody", 400, {}),
  same("POST /api/auth/recovery/password", "anybody", 400, {}),
  same("POST /api/v1/invitations/accept", "anybody", 400, {}),
  // Without its cookie: the walk goes on.
  { route: "POST /api/auth/sign-out", who: "anybody", ask: () => ({ path: "/api/auth/sign-out", body: {}, headers: { cookie: "" } }), answers: [200] },
  same("GET /api/v1/me", "signed in", 200),
  same("GET /api/v1/me/sign-in", "people", 200),
  same("POST /api/v1/me/password", "people", 400, {}),
  same("POST /api/v1/me/second-factor", "people", 400, {}),
  same("POST /api/v1/me/second-factor/confirm", "people", 400, {}),
  same("POST /api/v1/me/second-factor/remove", "people", 400, {}),
  same("POST /api/v1/me/backup-codes", "people", 400, {}),
  same("POST /api/v1/me/passkeys/options", "people", 200, {}),
  same("POST /api/v1/me/passkeys", "people", 400, {}),
  // A colleague's is as far away as a stranger's.
  { route: "DELETE /api/v1/me/passkeys/:id", who: "people", ask: ({ passkey }) => ({ path: `/api/v1/me/passkeys/${passkey}` }), answers: [404], elsewhere: 404 },
  same("GET /api/v1/me/sessions", "people", 200),
  { route: "DELETE /api/v1/me/sessions/:id", who: "people", ask: ({ loginSession }) => ({ path: `/api/v1/me/sessions/${loginSession}` }), answers: [404], elsewhere: 404 },
  same("POST /api/v1/me/sessions/end-others", "people", 200, {}),
  { route: "GET /api/v1/people/:id/sessions", who: security, ask: ({ person }) => ({ path: `/api/v1/people/${person}/sessions` }), answers: [200], elsewhere: 404 },
  { route: "DELETE /api/v1/people/:id/sessions", who: security, ask: ({ person }) => ({ path: `/api/v1/people/${person}/sessions` }), answers: [200], elsewhere: 404 },
  {
    route: "DELETE /api/v1/people/:id/sessions/:session",
    who: security,
    ask: ({ person, loginSession }) => ({ path: `/api/v1/people/${person}/sessions/${loginSession}` }),
    answers: [200, 404],
    elsewhere: 404,
  },
  { route: "DELETE /api/v1/people/:id/second-factor", who: security, ask: ({ person }) => ({ path: `/api/v1/people/${person}/second-factor` }), answers: [200], elsewhere: 404 },
];
