import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromiumPath, openBrowser, watchComplaints } from "./testing/browser.ts";
import { addPasskey, signInByPasskey, virtualAuthenticator } from "./testing/passkeys.ts";
import { startProduct, type Login, type RunningProduct } from "./testing/running-product.ts";
import { examplePath, tariffHours, type TariffHours } from "./testing/tariff-hours.ts";
import { thingsOf, utilityContext } from "./testing/two-utilities.ts";

const chromium = chromiumPath();

/** Everything is real here: sites, database, virtual meters, C12.18 over TCP. One product serves the tests, which build on one another. */
describe.skipIf(chromium === undefined)("the console of the running product", () => {
  let product: RunningProduct;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: readonly string[];
  /** Requests that a test means to be refused, beside the question who is signed in, which nobody is at first. */
  let refused: Set<string>;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser(chromium ?? "")]);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(20_000);
    page = await context.newPage();
    refused = new Set(["/api/v1/me"]);
    complaints = watchComplaints(page, (address) => refused.has(new URL(address).pathname));
  });

  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  async function signIn({ url, email, password }: Login, path = "/"): Promise<void> {
    await page.goto(`${url}${path}`);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password", { exact: false }).first().fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation").waitFor();
  }

  async function openMeter(program: string): Promise<void> {
    await page.getByRole("row").filter({ hasText: program }).first().getByRole("link").first().click();
    await page.getByRole("button", { name: "Program…" }).waitFor();
  }

  /** The tiers as drawn, 12 months × 24 hours for each kind of day. */
  async function drawnTiers(): Promise<TariffHours> {
    const tiersOf = async (day: string): Promise<number[][]> => {
      const months = page.locator(`svg[data-day=${day}] [data-month]`);
      await months.first().waitFor();
      return months.evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("[data-hour]")].map((cell) => Number(cell.getAttribute("data-tier")))));
    };
    return { weekday: await tiersOf("weekday"), weekend: await tiersOf("weekend") };
  }

  test("[MFG-5] after signing in every meter of the street is listed with the program that was read back from it", async () => {
    await signIn(product.login("metering@utility.example"));
    await page.getByText("12 meters").waitFor();
    const rows = await page.locator("tbody tr").allTextContents();
    expect(rows.filter((row) => /programmed ?read back.*ET-2 v1.*rx-2s/.test(row))).toHaveLength(8);
    expect(rows.filter((row) => /programmed ?read back.*GS-2-B v1.*ix-4s/.test(row))).toHaveLength(4);
  });

  test.each([
    ["ET-2", "residential", "aps-et-2-tou.json"],
    ["GS-2-B", "instrument-rated", "sce-gs-2-tou-b-single-phase.json"],
  ])("[MFG-5] the calendar read back from a meter with %s (%s) is the rate's, for every month and hour", async (program, _kind, file) => {
    await signIn(product.login("metering@utility.example"), "/meters");
    await openMeter(program);
    expect(await drawnTiers()).toEqual(await tariffHours(file));
  });

  test("Read holds a session with the meter, and its end is seen without a reload", async () => {
    await signIn(product.login("metering@utility.example"), "/meters");
    await openMeter("ET-2");
    await page.getByRole("button", { name: "Read" }).click();
    await page.getByRole("region", { name: "History" }).getByText("2 sessions").waitFor();
    const newest = page.getByRole("region", { name: "Sessions with this meter" }).getByRole("row").nth(1);
    await newest.filter({ hasText: /readreadmetering@utility\.example/ }).waitFor();
    await newest.getByRole("link").click();
    await page.getByRole("heading", { name: /^Read on RX/ }).waitFor();
    await page.getByRole("region", { name: "Read back" }).first().getByText("CALENDAR_TBL").waitFor();
  });

  test("[MFG-1] two files become a program; what is wrong with one is said with file and field; the library takes it in", async () => {
    const tariff = examplePath("entergy-ar-lps-tou.json");
    const answers = examplePath("entergy-ar-lps-tou.answers.json");
    refused.add("/api/v1/programs");
    await signIn(product.login("admin@utility.example"), "/programs");
    await page.getByRole("button", { name: "New program…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Tariff").setInputFiles(tariff);
    await dialog.getByLabel("Device type").selectOption("ix-4s");

    const { clock: _, ...withoutClock } = JSON.parse(await readFile(answers, "utf8")) as Record<string, unknown>;
    await dialog.getByLabel("Answers").setInputFiles({ name: "answers.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(withoutClock)) });
    await dialog.getByRole("button", { name: "Build" }).click();
    expect(await dialog.getByRole("alert").textContent()).toMatch(/answers.*clock/);
    await dialog.getByLabel("Answers").setInputFiles({ name: "torn.json", mimeType: "application/json", buffer: Buffer.from("{") });
    await dialog.getByRole("button", { name: "Build" }).click();
    await dialog.getByText("torn.json").waitFor();

    await dialog.getByLabel("Answers").setInputFiles(answers);
    await dialog.getByRole("button", { name: "Build" }).click();
    await page.getByRole("heading", { name: "LPS-TOU version 1" }).waitFor();
    expect(await drawnTiers()).toEqual(await tariffHours("entergy-ar-lps-tou.json"));
    await page.getByText("Table 54 CALENDAR_TBL").click();
    await page.getByRole("region", { name: "Table 54 CALENDAR_TBL" }).getByRole("row").nth(100).waitFor();

    await page.getByRole("button", { name: "Take into library" }).click();
    await page.getByText("built again here with the same digest").waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/library\//);
    expect(await drawnTiers()).toEqual(await tariffHours("entergy-ar-lps-tou.json"));
  });

  test("[MFG-8] by keyboard alone: sign in, find a meter, choose a program, and see it verified", async () => {
    const { url, email, password } = product.login("metering@utility.example");
    const { keyboard } = page;
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 20; presses += 1) {
        if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return;
        await keyboard.press("Tab");
      }
      throw new Error(`20 presses of Tab do not reach “${name}”`);
    };

    await page.goto(`${url}/meters`);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await keyboard.type(email);
    await keyboard.press("Tab");
    await keyboard.type(password);
    await keyboard.press("Enter");
    await page.getByText("12 meters").waitFor();
    await keyboard.press("/");
    await keyboard.type("type:ix-4s");
    await page.getByText("4 of 12 meters").waitFor();
    await keyboard.press("Escape");
    for (const key of ["j", "j", "Enter"]) await keyboard.press(key);
    await page.getByRole("button", { name: "Program…" }).waitFor();
    await tabTo("Program…");
    await keyboard.press("Enter");

    const choice = page.getByRole("radio", { name: /LPS-TOU version 1/ });
    await choice.waitFor();
    await keyboard.press("ArrowDown");
    if (!(await choice.isChecked())) await keyboard.press("ArrowUp");
    expect(await choice.isChecked()).toBe(true);
    await keyboard.press("Enter");
    await page.getByRole("region", { name: "Facts" }).getByText("LPS-TOU version 1").waitFor();
    const newest = page.getByRole("region", { name: "Sessions with this meter" }).getByRole("row").nth(1);
    expect(await newest.textContent()).toMatch(/program LPS-TOU v1 ?verified ?metering@utility\.example/);
    expect(await drawnTiers()).toEqual(await tariffHours("entergy-ar-lps-tou.json"));
  });

  test("[MFG-6] the menu leads an administrator to the people, and the metering department nowhere near them", async () => {
    await signIn(product.login("admin@utility.example"));
    await page.getByRole("navigation").getByRole("link", { name: "People" }).click();
    await page.getByRole("row").filter({ hasText: "metering@utility.example" }).filter({ hasText: "active" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await signIn(product.login("metering@utility.example"));
    expect(await page.getByRole("navigation").getByRole("link", { name: "People" }).count()).toBe(0);
  });

  test("no list is cut off or scrolls sideways at 1280 pixels", async () => {
    await signIn(product.login("admin@utility.example"));
    const wide: string[] = [];
    for (const path of ["/meters", "/library", "/sessions", "/network", "/programs", "/device-types", "/people"]) {
      await page.goto(`${product.login("admin@utility.example").url}${path}`);
      await page.locator("tbody tr:not([aria-hidden])").first().waitFor();
      const fits = await page.evaluate(() => {
        const table = document.querySelector("table")?.getBoundingClientRect();
        return document.documentElement.scrollWidth <= document.documentElement.clientWidth && (table?.right ?? Infinity) <= document.documentElement.clientWidth;
      });
      if (!fits) wide.push(path);
    }
    expect(wide).toEqual([]);
  });

  test("[MFG-6] the manufacturer's rate analyst sees programs and device types of the own site, and no meters", async () => {
    await signIn(product.login("rates@manufacturer.example"));
    await page.getByText("2 programs").waitFor();
    expect(await page.getByRole("navigation").getByRole("link").allTextContents()).toEqual(["Programs", "Device types"]);
    await page.getByRole("link", { name: "GS-2-B" }).click();
    await page.getByRole("heading", { name: "GS-2-B version 1" }).waitFor();
    expect(await drawnTiers()).toEqual(await tariffHours("sce-gs-2-tou-b-single-phase.json"));
    expect(await page.getByRole("button", { name: "Take into library" }).count()).toBe(0);

    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save document" }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe("GS-2-B-v1.json");
    expect(JSON.parse(await readFile(await saved.path(), "utf8"))).toMatchObject({ format: "metersmith-program/1", code: "GS-2-B" });

    await page.getByRole("link", { name: "Device types" }).click();
    await page.getByText("5 device types").waitFor();
    await page.getByRole("link", { name: "rx-2s" }).click();
    await page.getByRole("region", { name: "Holds" }).getByText("Special schedules").waitFor();
  });

  test("[MFG-6] a second context signed in to another utility finds nothing by any address that it is given", async () => {
    const { url, email, password } = product.login("admin@manufacturer.example");
    const operator = await browser.newContext();
    await operator.request.post(`${url}/api/auth/sign-in/email`, { data: { email, password } });
    const [saguaro, ocotillo] = [await utilityContext(browser, operator.request, url, "saguaro"), await utilityContext(browser, operator.request, url, "ocotillo")];
    const { addresses, pages, ids } = await thingsOf(saguaro, url);
    for (const address of addresses) expect([address, (await saguaro.request.get(`${url}${address}`)).status()]).toEqual([address, 200]);
    for (const address of addresses) expect((await ocotillo.request.get(`${url}${address}`)).status()).toBeGreaterThanOrEqual(400);
    for (const list of ["programs", "people", "audit-entries", "machines"]) {
      const text = await (await ocotillo.request.get(`${url}/api/v1/${list}`)).text();
      expect(ids.filter((id) => text.includes(id))).toEqual([]);
    }
    const [own, foreign] = [await saguaro.context.newPage(), await ocotillo.context.newPage()];
    for (const path of pages) {
      await own.goto(`${url}${path}`);
      await own.getByRole("heading", { name: /ET-2.*version 1/ }).waitFor();
      await foreign.goto(`${url}${path}`);
      await foreign.getByText("or it is not yours to see").waitFor();
      expect(await foreign.content()).not.toContain("ET-2");
    }
    for (const { context: ending } of [saguaro, ocotillo, { context: operator }]) await ending.close();
  });

  test("[MFG-6] a passkey lets in once for each challenge, and only where the authenticator has verified its holder", async () => {
    const { url, email, password } = product.login("rates@manufacturer.example");
    refused.add("/api/auth/sign-in/passkey");
    await signIn({ url, email, password });
    const authenticator = await virtualAuthenticator(context, page);
    expect(await addPasskey(page, "This computer")).toBe(200);
    const signedIn = async (): Promise<number> => (await context.request.get(`${url}/api/v1/me`)).status();
    const leave = (): Promise<unknown> => context.request.post(`${url}/api/auth/sign-out`, { data: {} });
    await leave();
    expect(await signedIn()).toBe(401);
    expect(await signInByPasskey(page)).toEqual({ status: 200, replayed: 401 });
    expect(await signedIn()).toBe(200);

    await leave();
    await authenticator.verifies(false);
    expect((await signInByPasskey(page, "discouraged")).status).toBe(401);
    expect(await signedIn()).toBe(401);
  });
});
