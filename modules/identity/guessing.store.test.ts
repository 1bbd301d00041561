import { FakeClock } from "@metersmith/base/clock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cookieJar } from "../testing/browser-cookies.ts";
import { cheapHashing } from "../testing/cheap-hashing.ts";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import { identityModule } from "./module.ts";

const password = "correct horse battery";
const email = "viewer@site.test";
const attemptsClock = new FakeClock(Date.now());
const identity = () => identityModule([], { hashing: cheapHashing, attemptsClock });
let under: SiteUnderTest;
beforeAll(async () => void (under = await siteUnderTest([identity()])));
afterAll(() => under.stop());

/** From an address of its own, as a botnet's members are. */
const guess = (word: string, remoteAddress: string, more: Record<string, string> = {}, whose = email) =>
  under.site.server.inject({ method: "POST", url: "/api/auth/sign-in/email", payload: { email: whose, password: word }, remoteAddress, headers: more });

test("brute force: at one account five wrong passwords cost no time, the sixth waits, from whatever address and however many at once", async () => {
  const owner = cookieJar(under);
  expect((await owner.post("/api/auth/sign-in/email", { email, password })).status).toBe(200);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => guess(`wrong ${at}`, `127.1.0.${at + 1}`)));
  const statuses = answers.map(({ statusCode }) => statusCode);
  expect(statuses.filter((status) => status === 401)).toHaveLength(5);
  expect(statuses.filter((status) => status === 429)).toHaveLength(35);
  const refused = answers.find(({ statusCode }) => statusCode === 429);
  expect(refused?.headers["retry-after"]).toBe("1");
  expect(refused?.json()).toMatchObject({ code: "too-many-attempts" });
  // Even the right one, from a device that nobody knows: or a guess would be told from a wait.
  expect((await guess(password, "127.1.1.1")).statusCode).toBe(429);

  // Not so the owner, whose browser has been here before.
  expect((await owner.post("/api/auth/sign-in/email", { email, password })).status).toBe(200);

  attemptsClock.advance(1000);
  expect((await guess("wrong again", "127.1.1.2")).statusCode).toBe(401);
  expect((await guess("wrong again", "127.1.1.3")).headers["retry-after"]).toBe("2");
  attemptsClock.advance(2000);
  expect((await guess(password, "127.1.1.4")).statusCode).toBe(200);
});

test("what is counted outlives a restart of the site", async () => {
  const again = await under.startAnother([identity()]);
  for (let at = 0; at < 5; at += 1) await guess(`wrong ${at}`, `127.2.0.${at + 1}`, {}, "metering@site.test");
  const { statusCode } = await again.server.inject({ method: "POST", url: "/api/auth/sign-in/email", payload: { email: "metering@site.test", password }, remoteAddress: "127.2.0.9" });
  await again.stop();
  expect(statusCode).toBe(429);
});

test("one address that tries many accounts waits too, and no header of its own makes it another", async () => {
  const statuses: number[] = [];
  for (let at = 0; at < 32; at += 1) {
    const disguise = { "x-forwarded-for": `203.0.113.${at}`, "x-real-ip": `203.0.113.${at}`, forwarded: `for=203.0.113.${at}`, "x-metersmith-client-address": `203.0.113.${at}` };
    statuses.push((await guess("wrong", "127.3.0.1", disguise, `nobody-${at}@site.test`)).statusCode);
  }
  expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true);
  expect(statuses.slice(30)).toEqual([429, 429]);
  expect((await guess(password, "127.3.0.2", {}, "administrator@site.test")).statusCode).toBe(200);
});

test("an account that does not exist is told from one that does by neither answer nor delay", async () => {
  const of = async (whose: string) => {
    const answers = [];
    for (let at = 0; at < 6; at += 1) answers.push(await guess("wrong", `127.4.${whose.length}.${at + 1}`, {}, whose));
    return answers.map((answer) => [answer.statusCode, answer.json<{ code: string; detail: string }>().detail]);
  };
  expect(await of("rate-analyst@site.test")).toEqual(await of("nobody-at-all@site.test"));
});

test("a device known for one account is not known for another, nor one whose proof is forged", async () => {
  const device = cookieJar(under);
  await device.post("/api/auth/sign-in/email", { email: "administrator@site.test", password });
  const cookie = device.cookies().split("; ").find((pair) => pair.includes(".device=")) ?? "";
  expect(cookie).not.toBe("");
  const whose = "site-operator@site.test";
  for (const account of [whose, "administrator@site.test"]) for (let at = 0; at < 5; at += 1) await guess("wrong", `127.5.1.${at}`, {}, account);
  expect((await guess(password, "127.5.0.1", { cookie }, whose)).statusCode).toBe(429);
  expect((await guess(password, "127.5.0.2", { cookie: cookie.replace(/.$/, (last) => (last === "A" ? "E" : "A")) }, "administrator@site.test")).statusCode).toBe(429);
  expect((await guess(password, "127.5.0.3", { cookie }, "administrator@site.test")).statusCode).toBe(200);
});

test("Host and X-Forwarded-Host change no address that a letter or a token is for", async () => {
  const answer = await under.site.server.inject({ method: "POST", url: "/api/auth/sign-in/passkey/options", payload: {}, headers: { host: "evil.example", "x-forwarded-host": "evil.example" } });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ rpId: "localhost", userVerification: "required" });
  expect(answer.body).not.toContain("evil");
});

test.each(["/api/v1/me%2f..%2fpeople", "/api/v1//people", "/api/v1/people/", "/api/v1/%70eople/../people", "/API/V1/PEOPLE", "/api/v1/people;x=1", "/api/auth/sign-up/email", "/api/auth/get-session", "/api/auth/list-sessions", "/api/auth/two-factor/disable"])(
  "no way round by the path: %s gives nothing",
  async (url) => {
    const { statusCode, body } = await under.site.server.inject({ method: "GET", url });
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain("@site.test");
  },
);

test("an encoded letter of a path names the same route, with the same guard before it", async () => {
  expect((await under.site.server.inject({ method: "GET", url: "/api/v1/%70eople" })).statusCode).toBe(401);
});
