import { expect, test } from "vitest";
import { shortenMiddle } from "./shorten-middle.ts";

test("a digest keeps its algorithm and both ends", () => {
  expect(shortenMiddle(`sha256:${"0123456789abcdef".repeat(4)}`)).toBe("sha256:012345…abcdef");
});

test("text that would not become shorter is left alone", () => {
  expect(shortenMiddle("13022906")).toBe("13022906");
  expect(shortenMiddle("abcdef1abcdef")).toBe("abcdef1abcdef");
  expect(shortenMiddle("")).toBe("");
});
