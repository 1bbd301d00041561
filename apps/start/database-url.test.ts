import { expect, test } from "vitest";
import { databaseUrlFrom } from "./database-url.ts";

test("DATABASE_URL is taken where it is a URL of PostgreSQL, and may be absent", () => {
  expect(databaseUrlFrom({})).toBeUndefined();
  expect(databaseUrlFrom({ DATABASE_URL: "" })).toBeUndefined();
  for (const url of ["postgres://admin:secret@host/postgres", "postgresql://[::1]:5432/x"]) expect(databaseUrlFrom({ DATABASE_URL: url })).toBe(url);
});

test.each(["notaurl", "secret", "mysql://admin:secret@host/x", "host:5432"])("DATABASE_URL=%s is told to be none, without its text", (url) => {
  const message = expect.toSatisfy((text: string) => text.includes("postgres://") && !text.includes("secret"));
  expect(() => databaseUrlFrom({ DATABASE_URL: url })).toThrow(expect.objectContaining({ code: "database-url", kind: "input", message }));
});
