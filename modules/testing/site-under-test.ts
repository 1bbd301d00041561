import { tmpdir } from "node:os";
import { silentLog } from "@metersmith/base/log";
import { systemClock } from "@metersmith/node/system-clock";
import { testDatabase } from "@metersmith/postgres/template";
import { type RunningSite, startSite } from "@metersmith/site/site";
import type { SiteConfig } from "@metersmith/site/site-config";
import type { SiteModule } from "@metersmith/site/site-module";
import { auditModule } from "../audit/module.ts";
import type { Invited } from "../identity/api/contract.ts";

const PASSWORD = "correct horse battery";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Speaks to a site as one account, through the site's own routes without a socket. */
export interface Account {
  ask(method: Method, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Somebody who joined, and who invited them: their roles can be changed. */
export interface Joined extends Account {
  become(roles: readonly string[]): Promise<void>;
}

export interface SiteUnderTest {
  readonly site: RunningSite;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Signed in with one of the built-in roles; `anonymous` is not signed in. */
  readonly as: Readonly<Record<(typeof ROLES)[number] | "anonymous", Account>>;
  /** A new person of the inviting account's organization with these roles, who took the invitation and signed in. */
  join(inviting: Account, roles: readonly string[]): Promise<Joined>;
  /** A new organization on this site: its first administrator, signed in. */
  organization(slug: string): Promise<Account>;
  /** A second process's worth of site over the same database, as after a restart. */
  startAnother(modules: readonly SiteModule[]): Promise<RunningSite>;
  stop(): Promise<void>;
}

const ROLES = ["site-operator", "administrator", "rate-analyst", "metering", "viewer"] as const;

/** A real site over a database of its own, on a free port of loopback, with one account for each built-in role. */
export async function siteUnderTest(
  mounted: readonly SiteModule[],
  kind: SiteConfig["kind"] = "utility",
  more: Partial<Pick<SiteConfig, "mqtt" | "manufacturerKeysFolder">> = {},
): Promise<SiteUnderTest> {
  const modules = withTrail(mounted);
  const database = await testDatabase(modules.flatMap((module) => module.migrations));
  const config: SiteConfig = {
    kind,
    slug: "test",
    name: "Site under test",
    host: "127.0.0.1",
    port: 0,
    ownerDatabaseUrl: database.ownerUrl,
    databaseUrl: database.appUrl,
    sessionSecret: "a secret of the tests, 32 characters or more",
    sealingKey: "5a".repeat(32),
    consoleFolder: tmpdir(),
    deviceTypesFolder: "device-types",
    manufacturerKeysFolder: "no-such-folder",
    logFile: "unused",
    logins: ROLES.map((role) => ({ email: `${role}@site.test`, name: role, role, password: PASSWORD })),
    ...more,
  };
  const site = await startSite(config, modules, { clock: systemClock, log: silentLog });
  const signedIn = await Promise.all(ROLES.map(async (role) => [role, await signIn(site, `${role}@site.test`, PASSWORD)] as const));
  const as = { ...(Object.fromEntries(signedIn) as Record<(typeof ROLES)[number], Account>), anonymous: account(site, {}) };
  let people = 0;
  const take = async ({ person: { email }, token }: Invited): Promise<Account> => {
    const taken = await as.anonymous.post("/api/v1/invitations/accept", { token, password: PASSWORD });
    if (taken.status !== 200) throw new Error(`the invitation of ${email} answered ${taken.status}: ${JSON.stringify(taken.body)}`);
    return signIn(site, email, PASSWORD);
  };
  return {
    site,
    async join(inviting, roles) {
      const email = `person-${people++}@site.test`;
      const { status, body } = await inviting.post("/api/v1/people", { email, name: email, roles });
      if (status !== 201) throw new Error(`inviting ${email} as ${roles.join()} answered ${status}: ${JSON.stringify(body)}`);
      const { person } = body as Invited;
      let as = await take(body as Invited);
      return {
        ask: (...asked) => as.ask(...asked),
        get: (path) => as.get(path),
        post: (...asked) => as.post(...asked),
        async become(next) {
          const given = await inviting.ask("PUT", `/api/v1/people/${person.id}/roles`, { roles: next });
          if (given.status !== 200) throw new Error(`giving ${next.join()} answered ${given.status}: ${JSON.stringify(given.body)}`);
          // Other rights end the sessions that there were.
          as = await signIn(site, email, PASSWORD);
        },
      };
    },
    async organization(slug) {
      const administrator = { email: `first@${slug}.test`, name: `First of ${slug}` };
      const { status, body } = await as["site-operator"].post("/api/v1/organizations", { slug, name: `Organization ${slug}`, administrator });
      if (status !== 201) throw new Error(`making ${slug} answered ${status}: ${JSON.stringify(body)}`);
      return take((body as { administrator: Invited }).administrator);
    },
    ownerUrl: database.ownerUrl,
    appUrl: database.appUrl,
    as,
    startAnother: (again) => startSite({ ...config, logins: [] }, withTrail(again), { clock: systemClock, log: silentLog }),
    async stop() {
      await site.stop();
      await database.drop();
    },
  };
}

/** Without the record of actions no site starts; a test that is about something else need not say so. */
function withTrail(modules: readonly SiteModule[]): readonly SiteModule[] {
  return modules.some(({ trail }) => trail) ? modules : [...modules, auditModule()];
}

async function signIn(site: RunningSite, email: string, password: string): Promise<Account> {
  const answer = await account(site, {}).post("/api/auth/sign-in/email", { email, password });
  if (answer.status !== 200) throw new Error(`sign-in of ${email} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  const cookies = [answer.headers["set-cookie"]].flat().map((cookie) => String(cookie).split(";", 1)[0]);
  return account(site, { cookie: cookies.join("; ") });
}

function account(site: RunningSite, headers: Readonly<Record<string, string>>): Account {
  const host = new URL(site.url).host;
  const ask = async (method: Method, url: string, body?: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const content = contentOf(body);
    const answer = await site.server.inject({ method, url, ...content, headers: { host, ...headers, ...content.headers, ...more } });
    const type = answer.headers["content-type"] ?? "";
    return { status: answer.statusCode, body: /[/+]json\b/.test(type) ? answer.json() : answer.body, headers: answer.headers };
  };
  return { ask, get: (path) => ask("GET", path), post: (path, body = {}, more) => ask("POST", path, body, more) };
}

/** Octets as they are, as a COSE object is sent; anything else as JSON. */
function contentOf(body: unknown): { readonly payload?: string | Buffer; readonly headers?: Readonly<Record<string, string>> } {
  if (body === undefined) return {};
  if (body instanceof Uint8Array) return { payload: Buffer.from(body), headers: { "content-type": 'application/cose; cose-type="cose-sign1"' } };
  return { payload: JSON.stringify(body), headers: { "content-type": "application/json" } };
}
