import { readFile } from "node:fs/promises";
import { readDeviceTypes } from "@metersmith/modules/device-types/store/installed-folder.ts";
import { KeptDeviceTypes } from "@metersmith/modules/device-types/store/kept-device-types.ts";
import { builtInRoles } from "@metersmith/modules/identity/rules/roles.ts";
import type { Belongings } from "@metersmith/modules/testing/access-entry.ts";
import { everySite, utilitySite } from "@metersmith/modules/testing/access-table.ts";
import { routeWitness, unmatched, walk, type Walker } from "@metersmith/modules/testing/access-walk.ts";
import { accountBelongings } from "@metersmith/modules/testing/account-belongings.ts";
import { cheapHashing } from "@metersmith/modules/testing/cheap-hashing.ts";
import { machineAccount } from "@metersmith/modules/testing/machine-access.ts";
import { type SiteUnderTest, siteUnderTest } from "@metersmith/modules/testing/site-under-test.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { utilityModules } from "./mounted-modules.ts";

const table = [...everySite, ...utilitySite];
const witness = routeWitness();
let under: SiteUnderTest;

beforeAll(async () => {
  under = await siteUnderTest([witness.module, ...utilityModules(new KeptDeviceTypes(await readDeviceTypes("device-types")), "5a".repeat(32), { hashing: cheapHashing })]);
});
afterAll(() => under.stop());

async function belongings(): Promise<Belongings> {
  const { administrator } = under.as;
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(`examples/tariffs/${name}`, "utf8"));
  const made = async (path: string, body: unknown): Promise<Record<string, unknown>> => (await administrator.post(path, body)).body as Record<string, unknown>;
  const tariffFile = "aps-et-2-tou.json";
  const program = await made("/api/v1/programs", { deviceType: "rx-2s", tariffFile, tariff: await read(tariffFile), answers: await read("aps-et-2-tou.answers.json") });
  const received = await made("/api/v1/library-programs", program["document"]);
  // Nobody answers there: the sessions that the walk asks for end by themselves.
  const meters = [{ manufacturer: "MSMT", serial: "A1", deviceType: "rx-2s", address: "tcp:127.0.0.1:1", programmingPassword: "00".repeat(20) }];
  const [meter] = (await made("/api/v1/meters", { meters }))["items"] as { id: string }[];
  const session = await made(`/api/v1/meters/${meter?.id}/read`, {});
  const ids = { program, libraryProgram: received, meter, session };
  const own = Object.fromEntries(Object.entries(ids).map(([name, thing]) => [name, (thing as { id: string }).id]));
  return { ...own, ...(await accountBelongings(under, administrator)) } as Belongings;
}

test("[MFG-6] every route of the site is in the table of access, and nothing else is", () => {
  expect(unmatched(witness.routes, table)).toEqual([]);
});

test("[MFG-6] [ACT-1] every route × role answers as the table says, for what there is and for guessed ids", async ({ annotate }) => {
  const own = await belongings();
  const account = await under.join(under.as["site-operator"], []);
  const walkers: Walker[] = [
    { role: "anonymous", account: under.as.anonymous, own, others: [] },
    { role: "ami-system", machine: true, account: await machineAccount(under, under.as.administrator, ["ami-system"]), own, others: [] },
    ...builtInRoles.map(({ name: role }) => ({ role, account, own, others: [], become: () => account.become([role]) })),
  ];
  const { cells, wrong } = await walk(table, walkers);
  await annotate(`utility's site: ${cells} cells, ${walkers.length} walkers, ${table.length} entries`);
  expect(wrong).toEqual([]);
  expect(cells).toBeGreaterThan(1000);
});

test("[ACT-1] the database's built-in roles are those that are documented", async () => {
  const { body } = await under.as["site-operator"].get("/api/v1/roles");
  const seen = (body as { items: { name: string; title: string; builtIn: boolean; permissions: string[] }[] }).items.filter(({ builtIn }) => builtIn);
  const plain = (roles: readonly { name: string; title: string; permissions: readonly string[] }[]) =>
    roles.map(({ name, title, permissions }) => ({ name, title, permissions: permissions.toSorted() })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(plain(seen)).toEqual(plain(builtInRoles));
});
