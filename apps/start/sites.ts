import { randomBytes } from "node:crypto";
import type { Home } from "@metersmith/node/home";
import { randomSecret } from "@metersmith/node/secrets";
import { prepareSiteDatabase } from "@metersmith/postgres/site-database";
import type { FirstLogin, SiteConfig } from "@metersmith/site/site-config";

/** One of the two sites that `npm start` runs. */
export interface SitePlan {
  readonly kind: SiteConfig["kind"];
  /** Names its database, its roles and its cookies. */
  readonly slug: string;
  readonly name: string;
  /** Whom it greets at first, by role. */
  readonly people: readonly Omit<FirstLogin, "password">[];
  /** The account under which the first-run story works: no more rights than its steps need, and a password that nobody is told. */
  readonly story: Omit<FirstLogin, "password">;
}

const STORY_NAME = "First-run story";

export const manufacturer: SitePlan = {
  kind: "manufacturer",
  slug: "manufacturer",
  name: "Metersmith Meters",
  people: [
    { email: "admin@manufacturer.example", name: "Administrator", role: "site-operator" },
    { email: "rates@manufacturer.example", name: "Rate analyst", role: "rate-analyst" },
  ],
  story: { email: "story@manufacturer.example", name: STORY_NAME, role: "rate-analyst" },
};

export const utility: SitePlan = {
  kind: "utility",
  slug: "utility_demo",
  name: "Demonstration Utility",
  people: [
    { email: "admin@utility.example", name: "Administrator", role: "administrator" },
    { email: "metering@utility.example", name: "Metering department", role: "metering" },
  ],
  story: { email: "story@utility.example", name: STORY_NAME, role: "metering" },
};

/** Databases and roles of a site, made where missing. */
export async function prepareSite(plan: SitePlan, home: Home, adminUrl: string): Promise<Pick<SiteConfig, "ownerDatabaseUrl" | "databaseUrl">> {
  const passwords = {
    owner: await home.secrets.ensure(`${plan.slug}.owner`),
    app: await home.secrets.ensure(`${plan.slug}.app`),
  };
  const { ownerUrl, appUrl } = await prepareSiteDatabase(adminUrl, plan.slug, passwords);
  return { ownerDatabaseUrl: ownerUrl, databaseUrl: appUrl };
}

/** The rest of a site's configuration: what does not come from its database. */
export async function siteConfig(
  plan: SitePlan,
  home: Home,
  rest: Pick<SiteConfig, "port" | "ownerDatabaseUrl" | "databaseUrl" | "consoleFolder" | "deviceTypesFolder" | "manufacturerKeysFolder" | "logins" | "mqtt">,
): Promise<SiteConfig> {
  const { kind, slug, name } = plan;
  return {
    kind,
    slug,
    name,
    host: "localhost",
    sessionSecret: await home.secrets.ensure(`${slug}.session`),
    sealingKey: await home.secrets.ensure(`${slug}.sealing`, () => randomBytes(32).toString("hex")),
    logFile: home.file("logs", `${kind}.log`),
    mail: { kind: "folder", folder: home.file("mail") },
    ...rest,
  };
}

/** A site that answers has sealed everything with its first key; those before it, which `secrets rotate` had left to open the rest, are gone then. */
export async function dropEarlierKeys({ slug }: SitePlan, { secrets }: Home): Promise<void> {
  const [current = "", ...earlier] = (await secrets.ensure(`${slug}.sealing`)).split(",");
  if (earlier.length > 0) await secrets.replace(`${slug}.sealing`, current);
}

export function withPassword(login: Omit<FirstLogin, "password">): FirstLogin {
  return { ...login, password: randomSecret().slice(0, 20) };
}
