import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildConsole } from "./build.ts";
import { chromiumPath, openBrowser } from "./testing/browser.ts";
import { person as signedIn } from "./testing/canned-answers.ts";
import { password, startCannedSite, type CannedSite } from "./testing/canned-site.ts";

const chromium = chromiumPath();
const reader = { id: "0197a000-0020-7000-8000-000000000001", email: "reader@saguaro.example", name: "Meter reader", roles: ["metering"], state: "active", secondFactor: true, since: "2026-03-01T08:00:00.000Z" };
const roles = ["metering", "approver"].map((name) => ({ name, title: `The ${name}`, builtIn: true, permissions: [] }));

describe.skipIf(chromium === undefined)("people in the console", () => {
  let folder: string;
  let browser: Browser;
  let site: CannedSite;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "console-people-"));
    await buildConsole(folder);
    browser = await openBrowser(chromium ?? "");
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    site = await startCannedSite(folder);
    site.answer("/api/v1/people", { items: [reader], after: null });
    site.answer("/api/v1/roles", { items: roles, after: null });
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(10_000);
    page = await context.newPage();
  });
  afterEach(async () => {
    await context.close();
    await site.close();
  });

  async function open(...permissions: string[]): Promise<void> {
    site.answer("/api/v1/me", { ...signedIn, permissions });
    await page.goto(`${site.url}/people`);
    await page.getByLabel("E-mail address").fill("metering@saguaro.example");
    await page.getByLabel("Password", { exact: false }).first().fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "People" }).waitFor();
  }
  const lastSent = (): unknown => ({ path: site.posted.at(-1)?.path, body: JSON.parse(site.posted.at(-1)?.body ?? "null") as unknown });

  test("[MFG-6] an invitation carries the roles that were ticked, and its token is shown once", async () => {
    await open("people.view", "people.invite");
    site.answer("/api/v1/people", { title: "conflict", detail: "This address is taken." }, 409);
    await page.getByRole("button", { name: "Invite" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("E-mail address").fill("new@saguaro.example");
    await dialog.getByLabel("Name", { exact: false }).last().fill("New colleague");
    await dialog.getByLabel("The approver").check();
    await dialog.getByRole("button", { name: "Invite" }).click();
    await dialog.getByText("This address is taken.").waitFor();
    expect(lastSent()).toEqual({ path: "/api/v1/people", body: { email: "new@saguaro.example", name: "New colleague", roles: ["approver"] } });
    site.answer("/api/v1/people", { person: { ...reader, name: "New colleague", state: "invited" }, token: "t".repeat(32), expiresAt: "2026-03-08T08:00:00.000Z" }, 201);
    await dialog.getByRole("button", { name: "Invite" }).click();
    await dialog.getByText("t".repeat(32)).waitFor();
  });

  test("[MFG-6] shutting a person out is confirmed and puts the reason on record, roles are changed from those held", async () => {
    await open("people.view", "people.update");
    site.answer(`/api/v1/people/${reader.id}/state`, { ...reader, state: "disabled" });
    site.answer(`/api/v1/people/${reader.id}/roles`, { ...reader, roles: ["metering", "approver"] });
    await page.getByRole("button", { name: `Shut out ${reader.email}` }).click();
    expect(site.posted.filter(({ path }) => path.includes("/people/"))).toEqual([]);
    await page.getByLabel("Reason").fill("left the company");
    await page.getByRole("dialog").getByRole("button", { name: "Shut out" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(lastSent()).toEqual({ path: `/api/v1/people/${reader.id}/state`, body: { state: "disabled", reason: "left the company" } });
    await page.getByRole("button", { name: `Roles of ${reader.email}` }).click();
    await page.getByLabel("The approver").check();
    await page.getByRole("dialog").getByRole("button", { name: "Change roles" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(lastSent()).toEqual({ path: `/api/v1/people/${reader.id}/roles`, body: { roles: ["metering", "approver"] } });
  });

  test("[MFG-6] who may only look is offered no change, an empty list invites, and who may not look has no entry in the menu", async () => {
    await open("people.view");
    await page.getByText(reader.email).waitFor();
    expect(await page.getByRole("button", { name: /Invite|Shut out|Roles of/ }).count()).toBe(0);
    site.answer("/api/v1/people", { items: [], after: null });
    await page.reload();
    await page.getByText("Nobody yet").waitFor();
    site.answer("/api/v1/me", { ...signedIn, permissions: [] });
    await page.reload();
    await page.getByRole("navigation").waitFor();
    expect(await page.getByRole("navigation").getByRole("link", { name: "People" }).count()).toBe(0);
  });
});
