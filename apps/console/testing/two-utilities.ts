import { readFile } from "node:fs/promises";
import type { APIRequestContext, Browser, BrowserContext } from "playwright-core";
import { examplePath } from "./tariff-hours.ts";

/** Somebody signed in at a utility that a manufacturer's site hosts, in a browser context of their own. */
export interface UtilityContext {
  readonly context: BrowserContext;
  readonly request: APIRequestContext;
}

const password = "kestrel quarry lantern";

/** A new organization on the site, by whose first administrator the new context is signed in. */
export async function utilityContext(browser: Browser, operator: APIRequestContext, url: string, slug: string): Promise<UtilityContext> {
  const administrator = { email: `first@${slug}.example`, name: `First of ${slug}` };
  const made = await operator.post(`${url}/api/v1/organizations`, { data: { slug, name: slug, administrator } });
  if (made.status() !== 201) throw new Error(`making ${slug} answered ${made.status()}: ${await made.text()}`);
  const { token } = ((await made.json()) as { administrator: { token: string } }).administrator;
  const context = await browser.newContext();
  await context.request.post(`${url}/api/v1/invitations/accept`, { data: { token, password } });
  const signedIn = await context.request.post(`${url}/api/auth/sign-in/email`, { data: { email: administrator.email, password } });
  if (signedIn.status() !== 200) throw new Error(`signing in at ${slug} answered ${signedIn.status()}: ${await signedIn.text()}`);
  return { context, request: context.request };
}

/** What there is of a utility: addresses of its things, and words that only it may read. */
export async function thingsOf({ request }: UtilityContext, url: string): Promise<{ readonly addresses: readonly string[]; readonly pages: readonly string[]; readonly ids: readonly string[] }> {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(examplePath(name), "utf8"));
  const tariffFile = "aps-et-2-tou.json";
  const made = await request.post(`${url}/api/v1/programs`, { data: { deviceType: "rx-2s", tariffFile, tariff: await read(tariffFile), answers: await read("aps-et-2-tou.answers.json") } });
  const { id: program } = (await made.json()) as { id: string };
  const { id: person } = (await (await request.get(`${url}/api/v1/me`)).json()) as { id: string };
  return {
    ids: [program, person],
    pages: [`/programs/${program}`],
    addresses: [`/api/v1/programs/${program}`, `/api/v1/programs/${program}/calendar`, `/api/v1/programs?after=${program}`, `/api/v1/people/${person}/sessions`],
  };
}
