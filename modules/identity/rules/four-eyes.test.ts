import fc from "fast-check";
import { expect, test } from "vitest";
import { type Approvable, FourEyesError, hasFourEyes, type Party, requireFourEyes } from "./four-eyes.ts";

const author: Party = { kind: "person", id: "author" };
const colleague: Party = { kind: "person", id: "colleague" };
const draft: Approvable = { digest: "sha256:aa", contributors: [author], approvals: [] };

const refusal = (subject: Approvable, by: Party, digest = subject.digest): string | undefined => {
  try {
    requireFourEyes(subject, { by, digest });
    return undefined;
  } catch (error) {
    if (error instanceof FourEyesError) return error.code;
    throw error;
  }
};

test("a colleague approves what another made", () => {
  expect(refusal(draft, colleague)).toBeUndefined();
  expect(hasFourEyes({ ...draft, approvals: [{ by: colleague, digest: draft.digest }] })).toBe(true);
});

test("nobody approves what they made, changed or asked for", () => {
  expect(refusal(draft, author)).toBe("own-work");
  expect(refusal({ ...draft, contributors: [author, colleague] }, colleague)).toBe("own-work");
});

test("a machine is no second pair of eyes, whoever made the content", () => {
  const robot: Party = { kind: "machine", id: "robot" };
  expect(refusal(draft, robot)).toBe("approver-is-machine");
  expect(refusal({ ...draft, contributors: [robot] }, colleague)).toBeUndefined();
});

test("an approval is for the content that was looked at, and void once it changes", () => {
  expect(refusal(draft, colleague, "sha256:bb")).toBe("other-content");
  expect(hasFourEyes({ ...draft, approvals: [{ by: colleague, digest: "sha256:bb" }] })).toBe(false);
});

test("one person approves one content once, and a changed one again", () => {
  const approved = { ...draft, approvals: [{ by: colleague, digest: draft.digest }] };
  expect(refusal(approved, colleague)).toBe("approved-already");
  expect(refusal({ ...approved, digest: "sha256:bb" }, colleague)).toBeUndefined();
});

test("content without an author on record is approved by nobody", () => {
  expect(refusal({ ...draft, contributors: [] }, colleague)).toBe("no-contributor");
  expect(hasFourEyes({ ...draft, contributors: [], approvals: [{ by: colleague, digest: draft.digest }] })).toBe(false);
});

const party = fc.record({ kind: fc.constantFrom("person" as const, "machine" as const), id: fc.constantFrom("a", "b", "c") });
const digest = fc.constantFrom("sha256:aa", "sha256:bb");
const approvable = fc.record({
  digest,
  contributors: fc.array(party, { maxLength: 3 }),
  approvals: fc.array(fc.record({ by: party, digest }), { maxLength: 4 }),
});

test("whatever is on record, it holds only by a person who contributed nothing and saw this content", () => {
  fc.assert(
    fc.property(approvable, (subject) => {
      const made = new Set(subject.contributors.map(({ kind, id }) => `${kind} ${id}`));
      const people = subject.approvals.filter(({ by }) => by.kind === "person" && !made.has(`person ${by.id}`));
      expect(hasFourEyes(subject)).toBe(made.size > 0 && people.some((approval) => approval.digest === subject.digest));
    }),
  );
});
