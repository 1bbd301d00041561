/**
 * One forbidden direction. `from` is matched against the importing file's path, `to` and `unless` against the target in
 * the notation of `targetOf`; `$1` … in them stand for what the groups of `from` matched.
 */
export interface DirectionRule {
  readonly name: string;
  readonly from: RegExp;
  readonly to: string;
  readonly unless?: string;
  /** Targets allowed for imports of types alone. */
  readonly unlessTypes?: string;
  /** Tests are exempt: they may compose what the code under test may not. */
  readonly testsToo: boolean;
  readonly because: string;
}

/**
 * What each pure package may import of the others. A new package needs a line here: that is when its place is decided.
 * `meter` never sees `programs` or `client`: the judge shares no code with the author. `nic`, the communications card, and `meter`, the board, do not know
 * each other: they meet at the C12.19 boundary, in apps/meters.
 */
export const packageGraph: Readonly<Record<string, readonly string[]>> = {
  base: [],
  tables: ["base"],
  psem: ["base"],
  client: ["base", "psem", "tables"],
  programs: ["base", "protection", "tables"],
  images: ["base"],
  trust: ["base"],
  protection: ["base"],
  meter: ["base", "images", "protection", "psem", "tables"],
  nic: ["base", "client", "images", "psem", "tables"],
};

/** What the tests of a package may import beyond its line above: both ends of a session meet in the client's tests. */
export const packageGraphInTests: Readonly<Record<string, readonly string[]>> = {
  client: ["meter", "programs"],
  nic: ["meter"],
};

const web = "npm:(react|react-dom|@mantine/[^/]+|@tanstack/[^/]+)$";

export const directionRules: readonly DirectionRule[] = [
  {
    name: "packages know no platform",
    from: /^packages\//,
    to: "^node:",
    testsToo: false,
    because: "packages run in servers, browsers and simulators alike; take a port from packages/base",
  },
  {
    name: "packages import only packages",
    from: /^packages\//,
    to: "^(modules|runtime|apps|bench|scripts)/",
    testsToo: true,
    because: "apps → modules → runtime → packages",
  },
  {
    name: "runtime knows no domain",
    from: /^runtime\//,
    to: "^(modules|apps|bench|scripts)/",
    testsToo: true,
    because: "apps → modules → runtime → packages",
  },
  {
    name: "runtime/ui runs in the browser",
    from: /^runtime\/ui\//,
    to: "^(node:|runtime/(?!ui(/|$)))",
    testsToo: false,
    because: "the design system has no server under it",
  },
  {
    name: "modules know no app",
    from: /^modules\//,
    to: "^(apps|bench|scripts)/",
    testsToo: true,
    because: "apps → modules → runtime → packages",
  },
  {
    name: "a module sees another by its contract or its rules",
    from: /^modules\/([^/]+)\//,
    to: "^modules/",
    unless: "^modules/($1/|[^/]+/api/contract\\.ts$|[^/]+/rules/)",
    testsToo: false,
    because: "import the other module's api/contract.ts or its rules/",
  },
  {
    name: "rules are pure",
    from: /^modules\/[^/]+\/rules\//,
    to: ".",
    unless: "^(packages/|modules/[^/]+/(rules/|api/contract\\.ts$)|npm:zod$)",
    testsToo: false,
    because: "rules/ decide; IO, SQL and HTTP live in store/, jobs/ and api/",
  },
  {
    name: "contracts are data",
    from: /^modules\/[^/]+\/api\/contract\.ts$/,
    to: ".",
    unless: "^(packages/|modules/[^/]+/(rules/|api/contract\\.ts$)|npm:zod$)",
    // A service that one module offers another takes the caller's transaction.
    unlessTypes: "^npm:kysely$",
    testsToo: false,
    because: "a contract is read by servers and browsers; it holds zod schemas and types",
  },
  {
    name: "pages see contracts, rules and the design system",
    from: /^modules\/([^/]+)\/pages\//,
    to: ".",
    unless: `^(modules/$1/pages/|modules/[^/]+/(rules/|api/contract\\.ts$)|runtime/ui(/|$)|${web})`,
    testsToo: false,
    because: "a page runs in the browser and talks to the server through the contract",
  },
  {
    name: "servers draw no pages",
    from: /^modules\/[^/]+\/(store|api|jobs)\//,
    to: `^(modules/[^/]+/pages/|runtime/ui(/|$)|${web})`,
    testsToo: true,
    because: "pages/ belong to the console",
  },
  {
    name: "an app never imports an app",
    from: /^apps\/([^/]+)\//,
    to: "^(apps|bench|scripts)/",
    // The one exception: the supervisor builds the console that it serves. Everything else it forks.
    unless: "^apps/($1/|console/build\\.ts$)",
    testsToo: true,
    because: "apps are compositions; share code by a package, a module or a runtime folder",
  },
  {
    name: "only the supervisor builds the console",
    from: /^apps\/(?!start\/|console\/)/,
    to: "^apps/console/",
    testsToo: true,
    because: "apps/start alone may import apps/console/build.ts",
  },
  {
    name: "the street is no client",
    from: /^apps\/meters\//,
    to: "^packages/(client|programs)(/|$)",
    testsToo: false,
    because: "the meters judge what clients and programs do; they share no code with them",
  },
  {
    name: "the console sees of modules what runs in a browser",
    from: /^apps\/console\/(?!build\.ts$|testing\/)/,
    to: "^(modules/|runtime/(?!ui(/|$))|node:)",
    unless: "^modules/[^/]+/(pages/|rules/|api/contract\\.ts$)",
    testsToo: false,
    because: "the console is a shell over the pages of the mounted modules",
  },
  {
    name: "only tests import what serves tests",
    from: /./,
    to: "/testing/",
    testsToo: false,
    because: "a folder named testing holds what tests share; it does not ship",
  },
  {
    name: "nothing imports scripts or bench",
    from: /^(?!scripts\/|bench\/|vitest\.config\.ts$)/,
    to: "^(scripts|bench)/",
    testsToo: true,
    because: "scripts/ and bench/ look at the code, not the other way",
  },
  {
    name: "scripts import generators only",
    from: /^scripts\//,
    to: "^(packages|modules|runtime|apps)/",
    unless: "^packages/[^/]+/generate\\.ts$",
    testsToo: true,
    because: "the checks must run on a tree whose code is broken",
  },
];
