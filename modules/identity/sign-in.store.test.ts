import { createHmac } from "node:crypto";
import { RecordedMail } from "@metersmith/base/mail";
import { openDatabase } from "@metersmith/postgres/pool";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CookieJar, cookieJar } from "../testing/browser-cookies.ts";
import { cheapHashing } from "../testing/cheap-hashing.ts";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import { totpAt } from "../testing/totp.ts";
import type { LoginSession, Me, NewSecondFactor } from "./api/contract.ts";
import { identityModule } from "./module.ts";

const password = "correct horse battery";
const mail = new RecordedMail();
let under: SiteUnderTest;
let joined = 0;
beforeAll(async () => void (under = await siteUnderTest([identityModule([], { mail, hashing: cheapHashing })])));
afterAll(() => under.stop());

const state = (jar: CookieJar) => jar.get("/api/v1/me").then(({ status }) => status);
const signIn = (jar: CookieJar, email: string, word = password) => jar.post("/api/auth/sign-in/email", { email, password: word });

/** Somebody new, in a browser of their own. */
async function somebody(): Promise<{ email: string; jar: CookieJar; id: string }> {
  const email = `somebody-${joined++}@site.test`;
  const { body } = await under.as.administrator.post("/api/v1/people", { email, name: "Somebody", roles: ["viewer"] });
  await under.as.anonymous.post("/api/v1/invitations/accept", { token: (body as { token: string }).token, password });
  const jar = cookieJar(under);
  expect(await signIn(jar, email)).toMatchObject({ status: 200, body: { done: true } });
  return { email, jar, id: ((await jar.get("/api/v1/me")).body as Me).id };
}

async function asOwner(statement: string, ...values: string[]): Promise<void> {
  const owner = openDatabase<unknown>(under.ownerUrl, 1);
  const parts = statement.split("?");
  await sql`${sql.join(parts.map((part, at) => (at < values.length ? sql`${sql.raw(part)}${values[at]}` : sql.raw(part))), sql``)}`.execute(owner);
  await owner.destroy();
}

async function withSecondFactor(): Promise<{ email: string; jar: CookieJar; id: string } & NewSecondFactor> {
  const one = await somebody();
  const prepared = await one.jar.post("/api/v1/me/second-factor", { password });
  expect(prepared.status).toBe(200);
  const factor = prepared.body as NewSecondFactor;
  // An earlier step's code, so that the present one is left for the test.
  expect(await one.jar.post("/api/v1/me/second-factor/confirm", { code: totpAt(factor.uri, Date.now() - 30_000) })).toMatchObject({ status: 200 });
  return { ...one, ...factor };
}

test("[MFG-6] session fixation: a sign-in takes no session that the browser came with, begins a new one, and ends the old", async () => {
  const { email, jar } = await somebody();
  const before = jar.session() ?? "";
  await signIn(jar, email);
  expect(jar.session()).not.toBe(before);
  expect(await state(jar)).toBe(200);
  expect((await under.as.anonymous.ask("GET", "/api/v1/me", undefined, { cookie: before })).status).toBe(401);
  const planted = cookieJar(under);
  const answer = await planted.post("/api/auth/sign-in/email", { email, password }, { cookie: "metersmith-test.session_token=chosen-by-an-attacker.c2lnbmF0dXJl" });
  expect(String(answer.headers["set-cookie"])).not.toContain("chosen-by-an-attacker");
});

test("[MFG-6] a code is asked for after the password, and only both let in", async () => {
  const { email, uri } = await withSecondFactor();
  const jar = cookieJar(under);
  expect(await signIn(jar, email)).toMatchObject({ status: 200, body: { done: false, next: "code" } });
  expect(await state(jar)).toBe(401);
  expect(await jar.post("/api/auth/sign-in/code", { code: totpAt(uri, Date.now() + 3_600_000) })).toMatchObject({ status: 401, body: { code: "code-refused" } });
  expect(await state(jar)).toBe(401);
  expect(await jar.post("/api/auth/sign-in/code", { code: totpAt(uri, Date.now()) })).toMatchObject({ status: 200, body: { done: true } });
  expect(await state(jar)).toBe(200);
});

test("a code is good once, whoever has read it: replayed in its own half minute it is refused", async () => {
  const { email, uri } = await withSecondFactor();
  const code = totpAt(uri, Date.now());
  const [first, second] = [cookieJar(under), cookieJar(under)];
  await Promise.all([signIn(first, email), signIn(second, email)]);
  const answers = await Promise.all([first, second].map((jar) => jar.post("/api/auth/sign-in/code", { code })));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
  expect((await Promise.all([state(first), state(second)])).toSorted((a, b) => a - b)).toEqual([200, 401]);
});

test("[MFG-6] a backup code lets in once", async () => {
  const { email, backupCodes } = await withSecondFactor();
  const code = backupCodes[0] ?? "";
  const jar = cookieJar(under);
  await signIn(jar, email);
  expect((await jar.post("/api/auth/sign-in/code", { code })).status).toBe(200);
  const again = cookieJar(under);
  await signIn(again, email);
  expect(await again.post("/api/auth/sign-in/code", { code })).toMatchObject({ status: 401, body: { code: "code-refused" } });
});

test("the second step counts for whose password it was: the code of another account does not let in", async () => {
  const [one, other] = [await withSecondFactor(), await withSecondFactor()];
  const jar = cookieJar(under);
  await signIn(jar, one.email);
  expect((await jar.post("/api/auth/sign-in/code", { code: totpAt(other.uri, Date.now()) })).status).toBe(401);
});

test("brute force: five wrong codes end the sign-in, whatever comes sixth", async () => {
  const { email, uri } = await withSecondFactor();
  const jar = cookieJar(under);
  await signIn(jar, email);
  const challenge = jar.cookies();
  const guess = (code: string) => under.as.anonymous.post("/api/auth/sign-in/code", { code }, { cookie: challenge });
  const wrong = (Number(totpAt(uri, Date.now())) + 1) % 1_000_000;
  for (let at = 0; at < 5; at += 1) expect((await guess(String((wrong + 7919 * at) % 1_000_000).padStart(6, "0"))).status).toBe(401);
  expect((await guess(totpAt(uri, Date.now()))).status).not.toBe(200);
});

test("what guards an account asks for its password: an open browser alone changes nothing", async () => {
  const { jar } = await somebody();
  expect(await jar.post("/api/v1/me/second-factor", { password: "not the password" })).toMatchObject({ status: 403, body: { code: "password-refused" } });
  expect(await jar.post("/api/v1/me/password", { current: "not the password", next: "kestrel quarry lantern" })).toMatchObject({ status: 403, body: { code: "password-refused" } });
});

test("[MFG-6] another password ends every other session and gives this one a new token", async () => {
  const { email, jar } = await somebody();
  const elsewhere = cookieJar(under);
  await signIn(elsewhere, email);
  const before = jar.session();
  expect((await jar.post("/api/v1/me/password", { current: password, next: "kestrel quarry lantern" })).status).toBe(200);
  expect(jar.session()).not.toBe(before);
  expect([await state(jar), await state(elsewhere)]).toEqual([200, 401]);
  expect((await signIn(cookieJar(under), email)).status).toBe(401);
  expect((await signIn(cookieJar(under), email, "kestrel quarry lantern")).status).toBe(200);
});

test.each(["qwertyuiop123456", "somebody somebody"])("a password that is tried first is not taken: %s", async (next) => {
  const { jar } = await somebody();
  expect(await jar.post("/api/v1/me/password", { current: password, next })).toMatchObject({ status: 422, body: { code: "password-weak" } });
});

test("[MFG-6] one sees where one is signed in, and ends a session there", async () => {
  const { email, jar } = await somebody();
  const elsewhere = cookieJar(under);
  await elsewhere.post("/api/auth/sign-in/email", { email, password }, { "user-agent": "Another browser" });
  const { items } = (await jar.get("/api/v1/me/sessions")).body as { items: LoginSession[] };
  expect(items.map(({ current }) => current)).toEqual([false, true]);
  expect(items[0]).toMatchObject({ agent: "Another browser", address: "127.0.0.1" });
  expect(JSON.stringify(items)).not.toContain((jar.session() ?? "").split("=")[1]?.slice(0, 20));
  expect((await jar.delete(`/api/v1/me/sessions/${items[0]?.id}`)).body).toEqual({ ended: 1 });
  expect([await state(jar), await state(elsewhere)]).toEqual([200, 401]);
});

test("[MFG-6] an administrator ends a colleague's sessions, and takes a lost second factor away", async () => {
  const { id, email, jar } = await withSecondFactor();
  expect((await under.as.administrator.ask("DELETE", `/api/v1/people/${id}/second-factor`)).status).toBe(200);
  expect(await state(jar)).toBe(401);
  expect(await signIn(jar, email)).toMatchObject({ body: { done: true } });
  const { items } = (await under.as.administrator.get(`/api/v1/people/${id}/sessions`)).body as { items: LoginSession[] };
  expect((await under.as.administrator.ask("DELETE", `/api/v1/people/${id}/sessions/${items[0]?.id}`)).body).toEqual({ ended: 1 });
  expect(await state(jar)).toBe(401);
});

test("[MFG-6] a change of rights ends the sessions that there were", async () => {
  const { id, jar } = await somebody();
  await under.as.administrator.ask("PUT", `/api/v1/people/${id}/roles`, { roles: ["viewer"] });
  expect(await state(jar)).toBe(200);
  await under.as.administrator.ask("PUT", `/api/v1/people/${id}/roles`, { roles: ["metering"] });
  expect(await state(jar)).toBe(401);
});

test("a session without requests expires, and no session outlives twelve hours however busy it is", async () => {
  const [idle, busy] = [await somebody(), await somebody()];
  await asOwner("update login_session set expires_at = now() - interval '1 second' where person_id = ?", idle.id);
  await asOwner("update login_session set created_at = now() - interval '12 hours', expires_at = now() + interval '2 hours' where person_id = ?", busy.id);
  expect([await state(idle.jar), await state(busy.jar)]).toEqual([401, 401]);
});

test("who is shut out gets no new session by password", async () => {
  const { id, email } = await somebody();
  await under.as.administrator.ask("PUT", `/api/v1/people/${id}/state`, { state: "disabled" });
  expect(await signIn(cookieJar(under), email)).toMatchObject({ status: 401 });
});

test("[MFG-6] recovery: a letter's link sets a new password once, ends every session, and leaves the second factor", async () => {
  const { email, jar } = await withSecondFactor();
  const letter = mail.next();
  expect((await under.as.anonymous.post("/api/auth/recovery", { email })).status).toBe(200);
  const { to, text } = await letter;
  expect(to).toBe(email);
  const token = /\/recovery#([\w-]+)/.exec(text)?.[1] ?? "";
  const recover = (word: string) => under.as.anonymous.post("/api/auth/recovery/password", { token, password: word });
  expect(await recover("qwertyuiop123456")).toMatchObject({ status: 422, body: { code: "password-weak" } });
  expect((await recover("kestrel quarry lantern")).status).toBe(200);
  expect(await recover("marble tundra gazette")).toMatchObject({ status: 410, body: { code: "recovery-void" } });
  expect(await state(jar)).toBe(401);
  expect(await signIn(jar, email, "kestrel quarry lantern")).toMatchObject({ body: { done: false, next: "code" } });
});

test("recovery answers alike for an address that nobody has, and sends nothing", async () => {
  const [letters, letter] = [mail.letters.length, mail.next()];
  expect(await under.as.anonymous.post("/api/auth/recovery", { email: "nobody@site.test" })).toMatchObject({ status: 200, body: { done: true } });
  const { email } = await somebody();
  await under.as.anonymous.post("/api/auth/recovery", { email });
  expect((await letter).to).toBe(email);
  expect(mail.letters.length).toBe(letters + 1);
});

test("a session's cookie that is forged, unsigned or sent twice lets nobody in", async () => {
  const { jar } = await somebody();
  const [name = "", value = ""] = (jar.session() ?? "").split("=");
  const token = decodeURIComponent(value).split(".")[0] ?? "";
  const forged = encodeURIComponent(`${token}.${createHmac("sha256", "a guessed secret").update(token).digest("base64")}`);
  for (const cookie of [`${name}=${token}`, `${name}=${forged}`, `${name}=${value}; ${name}=${forged}`, `${name}=${forged}; ${name}=${value}`, `${name}=${value}; ${name}=${value}`]) {
    expect((await under.as.anonymous.ask("GET", "/api/v1/me", undefined, { cookie })).status).toBe(401);
  }
});

test("cookies are out of reach of scripts and of other sites, and no answer's body holds a session", async () => {
  const { email } = await somebody();
  const answer = await signIn(cookieJar(under), email);
  const cookie = [answer.headers["set-cookie"]].flat().map(String).find((one) => one.includes("session_token")) ?? "";
  expect(cookie).toMatch(/; HttpOnly/i);
  expect(cookie).toMatch(/; SameSite=Lax/i);
  expect(answer.body).toEqual({ done: true });
});
