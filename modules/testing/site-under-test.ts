import { tmpdir } from "node:os";
import { silentLog } from "@metersmith/base/log";
import { systemClock } from "@metersmith/node/system-clock";
import { testDatabase } from "@metersmith/postgres/template";
import { type RunningSite, startSite } from "@metersmith/site/site";
import type { SiteConfig } from "@metersmith/site/site-config";
import type { SiteModule } from "@metersmith/site/site-module";

const PASSWORD = "correct horse battery";

/** Speaks to a site as one account, through the site's own routes without a socket. */
export interface Account {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface SiteUnderTest {
  readonly site: RunningSite;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Signed in with one of the built-in roles; `anonymous` is not signed in. */
  readonly as: Readonly<Record<"administrator" | "rate-analyst" | "metering" | "viewer" | "anonymous", Account>>;
  /** A second process's worth of site over the same database, as after a restart. */
  startAnother(modules: readonly SiteModule[]): Promise<RunningSite>;
  stop(): Promise<void>;
}

const ROLES = ["administrator", "rate-analyst", "metering", "viewer"] as const;

/** A real site over a database of its own, on a free port of loopback, with one account for each built-in role. */
export async function siteUnderTest(
  modules: readonly SiteModule[],
  kind: SiteConfig["kind"] = "utility",
  more: Pick<SiteConfig, "mqtt"> = {},
): Promise<SiteUnderTest> {
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
    logFile: "unused",
    logins: ROLES.map((role) => ({ email: `${role}@site.test`, name: role, role, password: PASSWORD })),
    ...more,
  };
  const site = await startSite(config, modules, { clock: systemClock, log: silentLog });
  const signedIn = await Promise.all(ROLES.map(async (role) => [role, await signIn(site, `${role}@site.test`, PASSWORD)] as const));
  return {
    site,
    ownerUrl: database.ownerUrl,
    appUrl: database.appUrl,
    as: { ...(Object.fromEntries(signedIn) as Record<(typeof ROLES)[number], Account>), anonymous: account(site, {}) },
    startAnother: (again) => startSite({ ...config, logins: [] }, again, { clock: systemClock, log: silentLog }),
    async stop() {
      await site.stop();
      await database.drop();
    },
  };
}

async function signIn(site: RunningSite, email: string, password: string): Promise<Account> {
  const answer = await account(site, {}).post("/api/auth/sign-in/email", { email, password });
  if (answer.status !== 200) throw new Error(`sign-in of ${email} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  const cookies = [answer.headers["set-cookie"]].flat().map((cookie) => String(cookie).split(";", 1)[0]);
  return account(site, { cookie: cookies.join("; ") });
}

function account(site: RunningSite, headers: Readonly<Record<string, string>>): Account {
  const host = new URL(site.url).host;
  const ask = async (method: "GET" | "POST", url: string, body?: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const content = body === undefined ? {} : { payload: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await site.server.inject({ method, url, ...content, headers: { host, ...headers, ...content.headers, ...more } });
    const type = answer.headers["content-type"] ?? "";
    return { status: answer.statusCode, body: type.includes("json") ? answer.json() : answer.body, headers: answer.headers };
  };
  return { get: (path) => ask("GET", path), post: (path, body = {}, more) => ask("POST", path, body, more) };
}
