import { afterAll, beforeAll, expect, test } from "vitest";
import { startSite } from "@metersmith/site/site";
import type { SiteModule } from "@metersmith/site/site-module";
import { silentLog } from "@metersmith/base/log";
import { systemClock } from "@metersmith/node/system-clock";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import type { Me } from "./api/contract.ts";
import { auditModule } from "../audit/module.ts";
import { identityModule } from "./module.ts";
import { permissions } from "./rules/roles.ts";

const onlyForMeters: SiteModule = {
  name: "only-for-meters",
  migrations: [],
  async mount({ server }) {
    server.post("/api/v1/meter-things", { config: { access: { permission: "meter.program" }, action: "meter.program" } }, ({ acted }) => {
      acted({ kind: "meter", id: "any" });
      return { done: true };
    });
  },
};

let under: SiteUnderTest;
beforeAll(async () => void (under = await siteUnderTest([identityModule(["registry"]), onlyForMeters])));
afterAll(() => under.stop());

test("anybody may ask which site this is; nothing of a person is in the answer", async () => {
  const { status, body } = await under.as.anonymous.get("/api/v1/site");
  expect(status).toBe(200);
  expect(body).toMatchObject({ kind: "utility", slug: "test", modules: ["registry"] });
});

test("[MFG-6] who is signed in learns the own roles and permissions, who is not is asked to sign in", async () => {
  expect(await under.as.anonymous.get("/api/v1/me")).toMatchObject({ status: 401, body: { code: "sign-in-required" } });
  const { body } = await under.as.administrator.get("/api/v1/me");
  expect(body).toMatchObject({ email: "administrator@site.test", roles: ["administrator"], organization: { name: "Site under test", owner: true } });
  expect((body as Me).permissions).toEqual([...permissions].filter((one) => !one.startsWith("organization.")).sort());
});

test("[MFG-6] a route is open to the roles that have its permission and closed, with the permission named, to others", async () => {
  expect(await under.as.metering.post("/api/v1/meter-things")).toMatchObject({ status: 200 });
  expect(await under.as.viewer.post("/api/v1/meter-things")).toMatchObject({
    status: 403,
    body: { code: "not-permitted", permission: "meter.program", detail: expect.stringContaining("viewer") },
  });
  expect(await under.as.anonymous.post("/api/v1/meter-things")).toMatchObject({ status: 401 });
});

test("a wrong password, an unknown account and signing up are refused and set no cookie", async () => {
  const attempts = [
    under.as.anonymous.post("/api/auth/sign-in/email", { email: "viewer@site.test", password: "not the password" }),
    under.as.anonymous.post("/api/auth/sign-in/email", { email: "nobody@site.test", password: "not the password" }),
    under.as.anonymous.post("/api/auth/sign-up/email", { email: "new@site.test", name: "new", password: "a long password 1" }),
  ];
  for (const { status, headers } of await Promise.all(attempts)) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers["set-cookie"] ?? "").not.toContain("session_token");
  }
});

test("a write that another web site sends is refused even with a valid cookie", async () => {
  const answer = await under.as.metering.post("/api/v1/meter-things", {}, { origin: "http://elsewhere.example" });
  expect(answer).toMatchObject({ status: 403, body: { code: "foreign-origin" } });
});

test("pages answer with a policy that forbids foreign and inline scripts", async () => {
  const { headers } = await under.as.anonymous.get("/api/v1/site");
  expect(headers["content-security-policy"]).toContain("script-src 'self';");
  expect(headers["x-content-type-options"]).toBe("nosniff");
});

test("an address that is no route answers with problem details", async () => {
  expect(await under.as.administrator.get("/api/v1/nothing-here")).toMatchObject({ status: 404, body: { code: "not-found", status: 404 } });
});

test("a site with a route that does not say who may use it does not start", async () => {
  const careless: SiteModule = {
    name: "careless",
    migrations: [],
    async mount({ server }) {
      server.get("/api/v1/careless", () => "anything");
    },
  };
  const { site: _site, ...rest } = under;
  const config = {
    kind: "utility",
    slug: "test",
    name: "x",
    host: "127.0.0.1",
    port: 0,
    ownerDatabaseUrl: rest.ownerUrl,
    databaseUrl: rest.appUrl,
    sessionSecret: "x".repeat(32),
    sealingKey: "5a".repeat(32),
    consoleFolder: "/nonexistent",
    deviceTypesFolder: "device-types",
    manufacturerKeysFolder: "no-such-folder",
    logFile: "unused",
    logins: [],
  } as const;
  const start = startSite(config, [identityModule([]), auditModule(), careless], { clock: systemClock, log: silentLog });
  await expect(start).rejects.toThrow("route GET /api/v1/careless does not say who may use it");
});
