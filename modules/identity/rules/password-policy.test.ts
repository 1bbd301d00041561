import fc from "fast-check";
import { expect, test } from "vitest";
import { SHORTEST, whyNotPassword } from "./password-policy.ts";

const known = { email: "ann.saguaro@utility.example", name: "Ann Saguaro", siteName: "Saguaro Power & Light" };

test.each([
  ["too short", "k7!vQ2#pLm9"],
  ["too long", "kestrel quarry ".repeat(20)],
  ["one character again and again", "aaaaaaaaaaaaaaaa"],
  ["the keyboard's rows", "qwertyuiop123456"],
  ["the alphabet", "abcdefghijklmnop"],
  ["a usual password with digits behind it", "Password12345678"],
  ["the e-mail address", "ann.saguaro@utility.example"],
  ["the site's name and a year", "SaguaroPower2026"],
  ["a usual password written wide", "ｐａｓｓｗｏｒｄ１２３４５６"],
])("%s is not accepted, and it is said why", (_what, password) => {
  expect(whyNotPassword(password, known)).toMatch(/\w{4,}/);
});

test.each(["correct horse battery", "kestrel quarry lantern", "8&kd)2mLq!vR9z"])("“%s” is accepted", (password) => {
  expect(whyNotPassword(password, known)).toBeUndefined();
});

test("whatever is typed, an answer comes, and nothing short is accepted", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (password) => {
      const why = whyNotPassword(password, known);
      if (password.length < SHORTEST) expect(why).toBeDefined();
    }),
  );
});
