import { readFile } from "node:fs/promises";
import { readDeviceTypes } from "@metersmith/modules/device-types/store/installed-folder.ts";
import { KeptDeviceTypes } from "@metersmith/modules/device-types/store/kept-device-types.ts";
import { builtInRoles } from "@metersmith/modules/identity/rules/roles.ts";
import type { AccessEntry, Belongings } from "@metersmith/modules/testing/access-entry.ts";
import { everySite, manufacturerSite } from "@metersmith/modules/testing/access-table.ts";
import { routeWitness, unmatched, walk, type Walker } from "@metersmith/modules/testing/access-walk.ts";
import { accountBelongings } from "@metersmith/modules/testing/account-belongings.ts";
import { cheapHashing } from "@metersmith/modules/testing/cheap-hashing.ts";
import { machineAccount } from "@metersmith/modules/testing/machine-access.ts";
import { type Account, type SiteUnderTest, siteUnderTest } from "@metersmith/modules/testing/site-under-test.ts";
import { rowsSeen, wallsUnderTest } from "@metersmith/modules/testing/walls.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manufacturerModules } from "./mounted-modules.ts";

const table: readonly AccessEntry[] = [...everySite, ...manufacturerSite];
const walls = wallsUnderTest();
const witness = routeWitness();
let under: SiteUnderTest;
let walkers: Walker[];
let round = 0;

beforeAll(async () => {
  under = await siteUnderTest([witness.module, walls.module, ...manufacturerModules(new KeptDeviceTypes(await readDeviceTypes("device-types")), { hashing: cheapHashing })], "manufacturer");
  const firsts = { owner: under.as["site-operator"], saguaro: await under.organization("saguaro"), ocotillo: await under.organization("ocotillo") };
  const belongings = new Map<string, Belongings>();
  for (const [name, account] of Object.entries(firsts)) belongings.set(name, await belongingsOf(account));
  const outside = (name: string): Belongings[] => [...belongings].filter(([one]) => one !== name).map(([, each]) => each);
  const walker = (name: string): Omit<Walker, "role" | "account"> => ({ own: belongings.get(name) as Belongings, others: outside(name) });
  const account = await under.join(firsts.saguaro, []);
  const machine = async (role: string): Promise<Walker> => ({ role, machine: true, account: await machineAccount(under, firsts.saguaro, [role]), ...walker("saguaro") });
  walkers = [
    { role: "site-operator", account: firsts.owner, ...walker("owner") },
    { role: "anonymous", account: under.as.anonymous, ...walker("saguaro") },
    ...(await Promise.all(["ami-system", "viewer"].map(machine))),
    ...builtInRoles
      .filter(({ ownerOnly }) => !ownerOnly)
      .map(({ name: role }) => ({ role, account, ...walker("saguaro"), become: () => account.become([role]) })),
  ];
});
afterAll(() => under.stop());

async function belongingsOf(administrator: Account): Promise<Belongings> {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(`examples/tariffs/${name}`, "utf8"));
  const tariffFile = "aps-et-2-tou.json";
  const made = await administrator.post("/api/v1/programs", { deviceType: "rx-2s", tariffFile, tariff: await read(tariffFile), answers: await read("aps-et-2-tou.answers.json") });
  // Each organization's first version of one code: nobody learns of the others' by the number.
  expect(made).toMatchObject({ status: 201, body: { version: 1 } });
  const target = await accountBelongings(under, administrator);
  return { program: (made.body as { id: string }).id, ...target, libraryProgram: target.person, meter: target.person, session: target.person };
}

const walkAll = () => walk(table, walkers, round++ * 100_000);

const withoutRowSecurity = <Result>(run: () => Promise<Result>): Promise<Result> => walls.withoutRowSecurity(under.ownerUrl, run);

test("[MFG-6] every route of the site is in the table of access, and nothing else is", () => {
  expect(unmatched(witness.routes, table)).toEqual([]);
  expect(unmatched(new Set([...witness.routes, "GET /api/v1/secrets"]), table)).toEqual(["GET /api/v1/secrets"]);
});

test("[MFG-6] [ACT-1] every route × role × organization answers as the table says", async ({ annotate }) => {
  const { cells, wrong } = await walkAll();
  await annotate(`manufacturer's site: ${cells} cells, ${walkers.length} walkers, ${table.length} entries`);
  expect(wrong).toEqual([]);
  expect(cells).toBeGreaterThan(700);
});

test("[MFG-6] with row-level security off, the code holds every cell", async () => {
  expect((await withoutRowSecurity(walkAll)).wrong).toEqual([]);
});

test("[MFG-6] with the code's wall off, row-level security holds every cell", async () => {
  expect((await walls.withoutConditions(walkAll)).wrong).toEqual([]);
});

test("with both walls off the walk finds what shows: it can fail", async () => {
  const one = walkers.filter(({ role }) => role === "administrator");
  const { wrong } = await withoutRowSecurity(() => walls.withoutConditions(() => walk(table, one, round++ * 100_000)));
  expect(wrong.some((cell) => cell.includes("of another organization"))).toBe(true);
  expect(wrong.some((cell) => cell.includes("instead of 404"))).toBe(true);
});

test("a transaction that names no organization sees no row of any", async () => {
  expect(await rowsSeen(under.appUrl, "program")).toBe(0);
  expect(await rowsSeen(under.appUrl, "person")).toBe(0);
});
