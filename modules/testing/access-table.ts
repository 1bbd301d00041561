import type { AccessEntry } from "./access-entry.ts";
import { machineRoutes } from "./machine-access.ts";
import { signInRoutes } from "./sign-in-access.ts";

const operators = ["site-operator", "administrator"];
const security = [...operators, "security-officer"];
const programs = [...operators, "rate-analyst", "metering", "viewer", "meter-shop"];
const field = [
  ...programs, "ami-system", "meter-technician", "installer", "maintenance-analyst", "maintenance-planning", "dispatcher", "revenue-protection",
];
const retrieving = ["data-retriever", "mdms", "mdms-technician"];
const systems = ["ami-system"];
const reading = [...operators, "metering", "meter-shop", "meter-technician", "installer", "dispatcher", "revenue-protection", ...systems];

/** Routes that both kinds of site have. */
export const everySite: readonly AccessEntry[] = [
  { route: "GET /api/v1/site", who: "anybody", ask: () => ({ path: "/api/v1/site" }), answers: [200] },
  { route: "GET /api/openapi.json", who: "anybody", ask: () => ({ path: "/api/openapi.json" }), answers: [200] },
  ...signInRoutes(security),
  ...machineRoutes(security),
  { route: "GET /api/v1/people", who: security, ask: () => ({ path: "/api/v1/people" }), answers: [200] },
  {
    route: "POST /api/v1/people",
    who: security,
    ask: (_, number) => ({ path: "/api/v1/people", body: { email: `invited-${number}@site.test`, name: "Invited", roles: [] } }),
    answers: [201],
  },
  { route: "PUT /api/v1/people/:id/roles", who: security, ask: ({ person }) => ({ path: `/api/v1/people/${person}/roles`, body: { roles: [] } }), answers: [200], elsewhere: 404 },
  { route: "PUT /api/v1/people/:id/state", who: security, ask: ({ person }) => ({ path: `/api/v1/people/${person}/state`, body: { state: "active" } }), answers: [200], elsewhere: 404 },
  { route: "GET /api/v1/roles", who: security, ask: () => ({ path: "/api/v1/roles" }), answers: [200] },
  {
    route: "POST /api/v1/roles",
    who: security,
    ask: (_, number) => ({ path: "/api/v1/roles", body: { name: `role-${number}`, title: "A role", permissions: [] } }),
    answers: [201],
  },
  { route: "GET /api/v1/organizations", who: ["site-operator"], ask: () => ({ path: "/api/v1/organizations" }), answers: [200] },
  {
    route: "POST /api/v1/organizations",
    who: ["site-operator"],
    ask: (_, number) => ({
      path: "/api/v1/organizations",
      body: { slug: `organization-${number}`, name: "An organization", administrator: { email: `first-${number}@site.test`, name: "First" } },
    }),
    answers: [201],
  },
  { route: "GET /api/v1/audit-entries", who: security, ask: () => ({ path: "/api/v1/audit-entries" }), answers: [200] },
  { route: "GET /api/v1/audit-seals", who: security, ask: () => ({ path: "/api/v1/audit-seals" }), answers: [200] },
  { route: "GET /api/v1/audit-export", who: security, ask: () => ({ path: "/api/v1/audit-export" }), answers: [200] },
  {
    route: "GET /api/v1/device-types",
    who: [...field, "field-tool"],
    ask: () => ({ path: "/api/v1/device-types" }),
    answers: [200],
  },
  { route: "GET /api/v1/device-types/:id", who: [...field, "field-tool"], ask: () => ({ path: "/api/v1/device-types/rx-2s" }), answers: [200] },
  { route: "GET /api/v1/manufacturer-keys", who: [...field, "field-tool"], ask: () => ({ path: "/api/v1/manufacturer-keys" }), answers: [200] },
  { route: "GET /api/v1/programs", who: programs, ask: () => ({ path: "/api/v1/programs" }), answers: [200] },
  // The cursor of a page is an id as well.
  { route: "GET /api/v1/programs", who: programs, ask: ({ program }) => ({ path: `/api/v1/programs?after=${program}` }), answers: [200], elsewhere: 400 },
  { route: "GET /api/v1/programs/:id", who: programs, ask: ({ program }) => ({ path: `/api/v1/programs/${program}` }), answers: [200], elsewhere: 404 },
  { route: "GET /api/v1/programs/:id/calendar", who: programs, ask: ({ program }) => ({ path: `/api/v1/programs/${program}/calendar` }), answers: [200], elsewhere: 404 },
  // Refused for its content, by the same code that would make it: an author got as far as that.
  {
    route: "POST /api/v1/programs",
    who: [...operators, "rate-analyst"],
    ask: () => ({ path: "/api/v1/programs", body: { deviceType: "nonesuch", tariffFile: "x", tariff: {}, answers: {} } }),
    answers: [422],
  },
];

/** Bringing and withdrawing device types: of the roles that have the permission, those of the organization that runs the site. */
const deviceTypeChanges = (who: readonly string[]): readonly AccessEntry[] => [
  // Refused because it is no archive: who may got as far as that.
  { route: "POST /api/v1/device-types", who, ask: () => ({ path: "/api/v1/device-types", body: {} }), answers: [415] },
  {
    route: "POST /api/v1/device-types/:id/withdraw",
    who,
    ask: () => ({ path: "/api/v1/device-types/rx-2s/withdraw", body: { version: "99.0.0", reason: "a test" } }),
    answers: [404],
  },
];

/** Routes of a manufacturer's site beyond those: its organizations are its utilities. */
export const manufacturerSite: readonly AccessEntry[] = deviceTypeChanges(["site-operator"]);

/** Routes of a utility's site beyond those of every site. */
export const utilitySite: readonly AccessEntry[] = [
  ...deviceTypeChanges(operators),
  { route: "GET /api/v1/library-programs", who: [...field, "field-tool", "customer-representative"], ask: () => ({ path: "/api/v1/library-programs" }), answers: [200] },
  {
    route: "GET /api/v1/library-programs/:id",
    who: [...field, "field-tool", "customer-representative"],
    ask: ({ libraryProgram }) => ({ path: `/api/v1/library-programs/${libraryProgram}` }),
    answers: [200],
    elsewhere: 404,
  },
  {
    route: "GET /api/v1/library-programs/:id/calendar",
    who: [...field, "field-tool", "customer-representative"],
    ask: ({ libraryProgram }) => ({ path: `/api/v1/library-programs/${libraryProgram}/calendar` }),
    answers: [200],
    elsewhere: 404,
  },
  { route: "POST /api/v1/library-programs", who: [...operators, "metering"], ask: () => ({ path: "/api/v1/library-programs", body: {} }), answers: [400] },
  { route: "GET /api/v1/meters", who: [...field, ...retrieving, "customer-representative"], ask: () => ({ path: "/api/v1/meters" }), answers: [200] },
  { route: "GET /api/v1/meters/:id", who: [...field, ...retrieving, "customer-representative"], ask: ({ meter }) => ({ path: `/api/v1/meters/${meter}` }), answers: [200], elsewhere: 404 },
  { route: "POST /api/v1/meters", who: [...operators, "metering", "meter-shop", "installer", ...systems], ask: () => ({ path: "/api/v1/meters", body: {} }), answers: [400] },
  {
    route: "POST /api/v1/meters/:id/program",
    who: [...operators, "metering", "meter-shop", ...systems],
    ask: ({ meter, libraryProgram }) => ({ path: `/api/v1/meters/${meter}/program`, body: { program: libraryProgram } }),
    answers: [202, 409],
    elsewhere: 404,
  },
  { route: "POST /api/v1/meters/:id/read", who: reading, ask: ({ meter }) => ({ path: `/api/v1/meters/${meter}/read`, body: {} }), answers: [202, 409], elsewhere: 404 },
  // Of a meter that nobody has read yet.
  { route: "GET /api/v1/meters/:id/calendar", who: [...field, ...retrieving], ask: ({ meter }) => ({ path: `/api/v1/meters/${meter}/calendar` }), answers: [404], elsewhere: 404 },
  { route: "GET /api/v1/concentrators", who: [...field, ...retrieving, "customer-representative"], ask: () => ({ path: "/api/v1/concentrators" }), answers: [200] },
  { route: "GET /api/v1/sessions", who: [...field, ...retrieving], ask: () => ({ path: "/api/v1/sessions" }), answers: [200] },
  { route: "GET /api/v1/sessions/:id", who: [...field, ...retrieving], ask: ({ session }) => ({ path: `/api/v1/sessions/${session}` }), answers: [200], elsewhere: 404 },
  { route: "GET /api/v1/associations", who: [...field, ...retrieving], ask: () => ({ path: "/api/v1/associations" }), answers: [200] },
];
