import { expect, test } from "vitest";
import { refuseForeignOrigin } from "./same-origin.ts";

const taken = (method: string, headers: Record<string, string>, origin?: string): boolean => {
  try {
    refuseForeignOrigin(method, { host: "localhost:4800", ...headers }, origin === undefined ? {} : { origin });
    return true;
  } catch {
    return false;
  }
};

test.each([
  ["the console itself", "POST", { origin: "http://localhost:4800", "sec-fetch-site": "same-origin" }, true],
  ["a program without a browser", "POST", {}, true],
  ["an older browser at the console", "DELETE", { origin: "http://localhost:4800" }, true],
  ["another web site", "POST", { origin: "http://elsewhere.example" }, false],
  ["another port of this machine", "POST", { origin: "http://localhost:4801", "sec-fetch-site": "same-site" }, false],
  ["another web site that hides its name", "POST", { origin: "null" }, false],
  ["a browser that says it is another site's, and no more", "PUT", { "sec-fetch-site": "cross-site" }, false],
  ["a name that only begins like ours", "POST", { origin: "http://localhost:4800.elsewhere.example" }, false],
  ["an origin that is none", "POST", { origin: "localhost:4800" }, false],
  ["a link to a page that was followed", "GET", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, true],
  ["a form that was sent by following it", "POST", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, false],
  ["another site's script that reads", "GET", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, false],
])("%s: %s is taken or refused", (_who, method, headers, expected) => {
  expect(taken(method, headers)).toBe(expected);
});

test("behind a proxy the configured address counts, whatever host a request names", () => {
  const origin = "https://meters.utility.example";
  expect(taken("POST", { origin }, origin)).toBe(true);
  expect(taken("POST", { origin: "http://localhost:4800" }, origin)).toBe(false);
  expect(taken("POST", { origin: "http://meters.utility.example" }, origin)).toBe(false);
});
