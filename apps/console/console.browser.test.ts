import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildConsole } from "./build.ts";
import { chromiumPath, openBrowser, watchComplaints } from "./testing/browser.ts";
import { calendar, fullCalendar, libraryProgram, manufacturerSite, meterId, meters, sessions } from "./testing/canned-answers.ts";
import { password, startCannedSite, type CannedSite } from "./testing/canned-site.ts";

const chromium = chromiumPath();
if (chromium === undefined) process.stdout.write("The console's browser tests are skipped: no Chromium found. Set METERSMITH_CHROMIUM or install one.\n");

describe.skipIf(chromium === undefined)("the console in a browser", () => {
  let folder: string;
  let browser: Browser;
  let site: CannedSite;
  let context: BrowserContext;
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "console-"));
    await buildConsole(folder);
    browser = await openBrowser(chromium ?? "");
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    site = await startCannedSite(folder);
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(10_000);
    page = await context.newPage();
    // Refused requests are part of these tests.
    complaints = watchComplaints(page, () => true);
  });

  afterEach(async () => {
    await context.close();
    await site.close();
    if (complaints.length > 0) throw new Error(`The browser complained: ${complaints.join("; ")}`);
  });

  async function signIn(path = "/"): Promise<void> {
    await page.goto(`${site.url}${path}`);
    await page.getByLabel("E-mail address").fill("metering@saguaro.example");
    await page.getByLabel("Password", { exact: false }).first().fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation").waitFor();
  }

  test("[MFG-6] a wrong password is refused in words, the right one leads to the address that was asked for", async () => {
    await page.goto(`${site.url}/meters/${meterId}`);
    await page.getByLabel("E-mail address").fill("metering@saguaro.example");
    await page.getByLabel("Password", { exact: false }).first().fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("do not belong together");
    await page.getByLabel("Password", { exact: false }).first().fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: meters[0]?.serial ?? "" }).waitFor();
  });

  test("a session that ended leads back to the sign-in page", async () => {
    await signIn();
    await page.getByRole("row").nth(2).waitFor();
    await context.clearCookies();
    await page.getByRole("link", { name: "Library" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(await page.getByRole("navigation").count()).toBe(0);
  });

  test("[MFG-5] the list of meters shows for each its state, its program and since when", async () => {
    await signIn("/meters");
    const row = page.getByRole("row").filter({ hasText: meters[0]?.serial ?? "" });
    await row.waitFor();
    expect(await row.textContent()).toMatch(/programmed.*read back.*APSET2 v6.*months ago.*rx-2s/);
    expect(await page.getByRole("row").filter({ hasText: meters[11]?.serial ?? "" }).textContent()).toContain("The meter hung up after table 54");
    expect(await page.getByRole("status").first().textContent()).toBe(`${meters.length} meters`);
  });

  test("the filter is part of the address, and a pasted address opens the same view", async () => {
    await signIn("/meters");
    await page.keyboard.press("/");
    await page.keyboard.type("state:failed");
    await page.getByText(`1 of ${meters.length} meters`).waitFor();
    expect(new URL(page.url()).searchParams.get("filter")).toBe("state:failed");
    // Typing in the middle: the caret stays there.
    for (let back = 0; back < "failed".length; back += 1) await page.keyboard.press("ArrowLeft");
    await page.keyboard.type('"fa');
    expect(await page.getByRole("searchbox").inputValue()).toBe('state:"fafailed');
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.waitForURL(/failed/);
    const second = await context.newPage();
    await second.goto(page.url());
    await second.getByText(`1 of ${meters.length} meters`).waitFor();
  });

  test("rows are walked with j and k and opened with Enter, columns are sorted", async () => {
    await signIn("/meters");
    await page.getByRole("row").nth(3).waitFor();
    await page.getByRole("button", { name: "Serial" }).click();
    await page.getByRole("button", { name: "Serial" }).click();
    expect(new URL(page.url()).searchParams.get("sort")).toBe("-serial");
    for (const key of ["j", "j", "j", "k"]) await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: meters.at(-2)?.serial ?? "" }).waitFor();
  });

  test("of 100,000 rows only those near the visible part are in the document", async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({ ...meters[0], id: `0197a000-0009-7000-8000-${index.toString(16).padStart(12, "0")}`, serial: String(50_000_000 + index) }));
    site.answer("/api/v1/meters", { items: many, after: null });
    await signIn("/meters");
    await page.getByText("the first 100,000 meters").waitFor();
    expect(await page.locator("tbody tr").count()).toBeLessThan(120);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.getByRole("link", { name: "50099999" }).waitFor();
    expect(await page.locator("tbody tr").count()).toBeLessThan(120);
  });

  test("[MFG-5] a meter's page shows the calendar that was read back as 12 × 24 cells for weekdays and weekends", async () => {
    await signIn(`/meters/${meterId}`);
    for (const picture of calendar.pictures) {
      const drawn = page.locator(`svg[data-day=${picture.dayType}]`);
      await drawn.waitFor();
      const tiers = await drawn.locator("[data-hour]").evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute("data-tier"))));
      expect(tiers).toEqual(picture.cells.flat().map((cell) => cell.tier));
    }
    const words = page.getByRole("table", { name: "Weekdays, tier by month" });
    expect(await words.getByRole("row").nth(6).textContent()).toBe("JulyOff-peak 00:00–12:00, On-peak 12:00–19:00, Off-peak 19:00–24:00");
  });

  test("the calendar is read hour by hour with the arrow keys", async () => {
    site.answer(`/api/v1/meters/${meterId}/calendar`, fullCalendar);
    await signIn(`/meters/${meterId}`);
    // The pointer reads too: it rests elsewhere.
    await page.mouse.move(0, 0);
    await page.locator("svg[data-day=weekday]").focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("January 23:00–24:00 · Off-peak").waitFor();
    for (let hour = 23; hour > 15; hour -= 1) await page.keyboard.press("ArrowLeft");
    expect(await page.locator("figure output").first().textContent()).toBe("January 15:00–16:00 · Super off-peak, changes within the hour");
  });

  test("[MFG-8] programming one meter: a program of the library is chosen, the session is followed", async () => {
    await signIn(`/meters/${meterId}`);
    site.answer(`/api/v1/meters/${meterId}/program`, { ...sessions[4], meterId }, 202);
    await page.getByRole("button", { name: "Program…" }).click();
    await page.getByRole("dialog").getByRole("radio").waitFor();
    expect(await page.getByRole("radio").count()).toBe(1);
    site.answer(`/api/v1/sessions?meter=${meterId}`, { items: [{ ...sessions[4], meterId, requestedAt: new Date().toISOString() }], after: null });
    await page.getByRole("button", { name: `Program ${meters[0]?.serial}` }).click();
    await page.getByRole("progressbar").waitFor();
    expect(site.posted.at(-1)).toEqual({ path: `/api/v1/meters/${meterId}/program`, body: JSON.stringify({ program: libraryProgram.id }) });
    expect(await page.getByRole("button", { name: "Read" }).isDisabled()).toBe(true);
  });

  test("a refusal is shown in the site's words and nothing else is lost", async () => {
    site.answer(`/api/v1/meters/${meterId}/read`, { title: "conflict", detail: "Meter 13022906 has a session waiting or running already. Wait until it ended." }, 409);
    await signIn(`/meters/${meterId}`);
    await page.getByRole("button", { name: "Read" }).click();
    await page.getByText("has a session waiting or running already").waitFor();
    expect(await page.locator("svg[data-day]").count()).toBe(2);
  });

  test("a meter that was never read invites to read it", async () => {
    await signIn(`/meters/${meters[9]?.id}`);
    await page.getByText("Press Read to see the calendar").waitFor();
    expect(await page.getByRole("button", { name: "Read" }).isEnabled()).toBe(true);
  });

  test("an empty list invites, an unknown address says where to go", async () => {
    site.answer("/api/v1/meters", { items: [], after: null });
    await signIn("/meters");
    await page.getByText("No meters yet").waitFor();
    await page.goto(`${site.url}/no/such/page`);
    await page.getByText("There is no page at this address").waitFor();
    expect(await page.getByRole("link", { name: "Go to the first page" }).getAttribute("href")).toBe("/");
  });

  test("a site shows the pages of its own modules only", async () => {
    site.answer("/api/v1/site", manufacturerSite);
    await signIn();
    await page.getByRole("heading", { name: "Programs" }).waitFor();
    expect(await page.getByRole("navigation").getByRole("link").allTextContents()).toEqual(["Programs", "Device types"]);
  });

  test("light and dark are chosen before the first paint and kept", async () => {
    await signIn();
    const scheme = (): Promise<string | null> => page.evaluate(() => document.documentElement.getAttribute("data-mantine-color-scheme"));
    await page.getByRole("button", { name: /Change to light/ }).click();
    await page.getByRole("button", { name: /Change to dark/ }).click();
    expect(await scheme()).toBe("dark");
    await page.reload();
    await page.getByRole("navigation").waitFor();
    expect(await scheme()).toBe("dark");
  });

  test("a page never scrolls sideways at 1280 pixels", async () => {
    site.answer(`/api/v1/meters/${meterId}/calendar`, fullCalendar);
    await signIn("/meters");
    const sideways: string[] = [];
    for (const path of ["/meters", `/meters/${meterId}`, `/sessions/${sessions[0]?.id}`, "/library", `/library/${libraryProgram.id}`]) {
      await page.goto(`${site.url}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      if (path.endsWith(meterId)) await page.locator("svg[data-day]").first().waitFor();
      if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)) sideways.push(path);
    }
    expect(sideways).toEqual([]);
  });
});
