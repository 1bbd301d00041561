import { afterAll, beforeAll, expect, test } from "vitest";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import type { Invited, Me, Person } from "./api/contract.ts";
import { identityModule } from "./module.ts";

let under: SiteUnderTest;
beforeAll(async () => void (under = await siteUnderTest([identityModule([])], "manufacturer")));
afterAll(() => under.stop());

const password = "another long password";
const invite = async (email: string, roles: string[] = ["viewer"]): Promise<Invited> => {
  const { status, body } = await under.as.administrator.post("/api/v1/people", { email, name: "New", roles });
  expect(status).toBe(201);
  return body as Invited;
};

test("[MFG-6] an invitation lets in once, with the roles given and in the organization of who invited", async () => {
  const { token } = await invite("new@site.test");
  const taken = await Promise.all([1, 2].map(() => under.as.anonymous.post("/api/v1/invitations/accept", { token, password })));
  expect(taken.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
  const joined = await under.as.administrator.get("/api/v1/people");
  expect((joined.body as { items: Person[] }).items.find(({ email }) => email === "new@site.test")).toMatchObject({ state: "active", roles: ["viewer"] });
});

test("an address that is in use, in whatever case, is not invited again", async () => {
  await invite("twice@site.test");
  const again = await under.as.administrator.post("/api/v1/people", { email: "Twice@Site.test", name: "New", roles: [] });
  expect(again).toMatchObject({ status: 409, body: { code: "conflict" } });
});

test("[MFG-6] nobody gives a role that does more than they may, nor changes their own", async () => {
  const officer = await under.join(under.as.administrator, ["security-officer"]);
  const gives = await officer.post("/api/v1/people", { email: "more@site.test", name: "More", roles: ["metering"] });
  expect(gives).toMatchObject({ status: 403, body: { detail: expect.stringContaining("meter") } });
  const me = (await officer.get("/api/v1/me")).body as Me;
  expect(await officer.ask("PUT", `/api/v1/people/${me.id}/roles`, { roles: ["administrator"] })).toMatchObject({ status: 403 });
  const administrator = (await under.as.administrator.get("/api/v1/me")).body as Me;
  expect(await officer.ask("PUT", `/api/v1/people/${administrator.id}/state`, { state: "disabled" })).toMatchObject({ status: 403 });
});

test("who is shut out is out at once, whatever session they hold", async () => {
  const joined = await under.join(under.as.administrator, ["viewer"]);
  const { id } = (await joined.get("/api/v1/me")).body as Me;
  expect(await under.as.administrator.ask("PUT", `/api/v1/people/${id}/state`, { state: "disabled" })).toMatchObject({ status: 200, body: { state: "disabled" } });
  expect((await joined.get("/api/v1/me")).status).toBe(401);
});

test("[MFG-6] an organization's own role gives what it names, to its own people only", async () => {
  const made = await under.as.administrator.post("/api/v1/roles", { name: "reader", title: "Reader", permissions: ["program.view"] });
  expect(made.status).toBe(201);
  const reader = await under.join(under.as.administrator, ["reader"]);
  expect((await reader.get("/api/v1/me")).body).toMatchObject({ roles: ["reader"], permissions: ["program.view"] });
  const elsewhere = await under.organization("saguaro");
  expect(await elsewhere.post("/api/v1/people", { email: "s@site.test", name: "S", roles: ["reader"] })).toMatchObject({ status: 422 });
  expect((await elsewhere.post("/api/v1/roles", { name: "reader", title: "Reader", permissions: [] })).status).toBe(201);
});

test("[MFG-6] a role of the site's operators is not given in another organization", async () => {
  const elsewhere = await under.organization("ocotillo");
  expect(await elsewhere.post("/api/v1/people", { email: "o@site.test", name: "O", roles: ["site-operator"] })).toMatchObject({ status: 403 });
});

test.each([
  ["an organization", { organization: "01999999-0000-7000-8000-000000000000" }],
  ["a state", { state: "active" }],
  ["an id", { id: "01999999-0000-7000-8000-000000000000" }],
  ["a verified address", { emailVerified: true }],
])("mass assignment: %s among the fields of an invitation is refused by its name", async (_what, more) => {
  const answer = await under.as.administrator.post("/api/v1/people", { email: "mass@site.test", name: "Mass", roles: [], ...more });
  expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining(Object.keys(more)[0] ?? "") } });
});
