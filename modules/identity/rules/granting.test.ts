import fc from "fast-check";
import { expect, test } from "vitest";
import { type Granter, whyNotGive, whyNotMake } from "./granting.ts";
import { permissions } from "./roles.ts";

const granter = (...held: string[]): Granter => ({ id: "ann", permissions: new Set(held), owner: false });
const role = (name: string, ...held: string[]) => ({ name, ownerOnly: false, permissions: held });

test("[MFG-6] nobody gives a role that does more than they may, and the permission is named", () => {
  expect(whyNotGive(granter("meter.view"), "bob", [role("viewer", "meter.view"), role("metering", "meter.program")])).toContain("“meter.program”");
  expect(whyNotGive(granter("meter.view", "meter.program"), "bob", [role("metering", "meter.program")])).toBeUndefined();
});

test("[MFG-6] nobody changes their own roles, not even to fewer", () => {
  expect(whyNotGive(granter("meter.view"), "ann", [])).toMatch(/own roles/);
});

test("a role of the site's operators stays with the organization that runs the site", () => {
  const operator = { name: "site-operator", ownerOnly: true, permissions: [] };
  expect(whyNotGive(granter(), "bob", [operator])).toMatch(/runs this site/);
  expect(whyNotGive({ ...granter(), owner: true }, "bob", [operator])).toBeUndefined();
});

test("a role of its own gives only what exists and what its maker may", () => {
  expect(whyNotMake(granter("meter.view"), ["meter.view"])).toBeUndefined();
  expect(whyNotMake(granter("meter.view"), ["meter.read"])).toContain("meter.read");
  expect(whyNotMake(granter("meter.fly"), ["meter.fly"])).toContain("no permission");
});

test("whatever is held and wanted: a role is made only of what is held", () => {
  const some = fc.subarray([...permissions]);
  fc.assert(
    fc.property(some, some, (held, wanted) => {
      expect(whyNotMake(granter(...held), wanted) === undefined).toBe(wanted.every((one) => held.includes(one)));
    }),
  );
});
