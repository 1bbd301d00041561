import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { identityModule } from "@metersmith/modules/identity/module.ts";
import { type SiteUnderTest, siteUnderTest } from "@metersmith/modules/testing/site-under-test.ts";
import { openDatabase } from "@metersmith/postgres/pool";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let under: SiteUnderTest;
let folder: string;
let record: string;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const metersmith = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, "audit", ...args], { env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled"), ...environment } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "metersmith-audit-"));
  record = join(folder, "record.jsonl");
  under = await siteUnderTest([identityModule([])]);
  // The end of a site seals what waits.
  await (await under.startAnother([identityModule([])])).stop();
  expect(await metersmith(["export", "--database", under.appUrl, "--out", record])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await under.stop();
  await rm(folder, { recursive: true });
});

const publicKey = async (): Promise<string> => (JSON.parse((await readFile(record, "utf8")).split("\n")[0] ?? "") as { keys: { publicKey: string }[] }).keys[0]?.publicKey ?? "";

test("an exported file is checked alone, with the public key, and says what to keep for the next check", async () => {
  const { code, out } = await metersmith(["verify", record, "--public-key", await publicKey(), "--json"]);
  expect(code).toBe(0);
  const { ok, trusted, records } = JSON.parse(out) as { ok: boolean; trusted: string; records: { entries: number; known: string }[] };
  expect({ ok, trusted, records: records.length }).toEqual({ ok: true, trusted: "given", records: 1 });
  expect(records[0]?.entries).toBeGreaterThan(10);
  expect(await metersmith(["verify", record, "--known", records[0]?.known ?? ""])).toMatchObject({ code: 0, out: expect.stringContaining("Site under test: whole") });
});

test("a database is checked in either role, and the password is not shown where it does not let in", async () => {
  for (const url of [under.appUrl, under.ownerUrl]) expect(await metersmith(["verify", "--database", url])).toMatchObject({ code: 0, out: expect.stringContaining("whole") });
  const wrong = new URL(under.appUrl);
  wrong.password = "hunter2";
  const { code, err } = await metersmith(["verify"], { METERSMITH_DATABASE_URL: wrong.href });
  expect(code).toBe(6);
  expect(err).not.toContain("hunter2");
});

test("a broken record ends with 4 and names the entry, for people and for scripts", async () => {
  const lines = (await readFile(record, "utf8")).split("\n");
  const broken = join(folder, "broken.jsonl");
  await writeFile(broken, lines.toSpliced(2, 1).join("\n"));
  expect(await metersmith(["verify", broken])).toMatchObject({ code: 4, err: expect.stringMatching(/Seal 1 is over \d+ entries from position 1; there are/) });
  const { code, out } = await metersmith(["verify", broken, "--json"]);
  expect([code, JSON.parse(out)]).toEqual([4, expect.objectContaining({ ok: false, code: "entry-missing", seal: 1 })]);
});

test("another's key, a file that is none, nothing to check: refused with what to do", async () => {
  const other = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  expect(await metersmith(["verify", record, "--public-key", other])).toMatchObject({ code: 4, err: expect.stringContaining("none of those given") });
  expect(await metersmith(["verify", record, "--public-key", "00"])).toMatchObject({ code: 3 });
  expect(await metersmith(["verify", join(folder, "nonesuch")])).toMatchObject({ code: 3 });
  expect(await metersmith(["verify", main])).toMatchObject({ code: 4, err: expect.stringContaining("Line 1 is no JSON") });
  expect(await metersmith(["verify"], { METERSMITH_DATABASE_URL: "" })).toMatchObject({ code: 2 });
  expect(await metersmith(["verify", "--database", "http://example.test"])).toMatchObject({ code: 3 });
  expect(await metersmith(["verify", "--site", "nonesuch"], { METERSMITH_HOME: join(folder, "home") })).toMatchObject({ code: 3 });
});

test("a line without an end does not fill the memory", async () => {
  const endless = join(folder, "endless.jsonl");
  await writeFile(endless, `${(await readFile(record, "utf8")).split("\n")[0]}\n`);
  for (let part = 0; part < 3; part++) await appendFile(endless, "x".repeat(500_000));
  expect(await metersmith(["verify", endless])).toMatchObject({ code: 4, err: expect.stringMatching(/longer than/) });
});

test("an export never overwrites, and leaves nothing where it fails", async () => {
  expect(await metersmith(["export", "--database", under.appUrl, "--out", record])).toMatchObject({ code: 3, err: expect.stringContaining("is there already") });
  const out = join(folder, "other.jsonl");
  expect(await metersmith(["export", "--database", under.appUrl, "--organization", "nonesuch", "--out", out])).toMatchObject({ code: 3, err: expect.stringContaining("--organization owner") });
  expect(await metersmith(["export", "--database", under.appUrl, "--out", out])).toMatchObject({ code: 0 });
});

test("entries that the database was given past the site are found there", async () => {
  const owner = openDatabase<unknown>(under.ownerUrl, 1);
  await sql`alter table audit_entry disable trigger user`.execute(owner);
  await sql`update audit_entry set actor_name = 'somebody else' where id = (select min(entry_id) from audit_leaf)`.execute(owner);
  await sql`alter table audit_entry enable trigger user`.execute(owner);
  await owner.destroy();
  expect(await metersmith(["verify", "--database", under.appUrl])).toMatchObject({ code: 4, err: expect.stringMatching(/position 1 \([0-9a-f-]+, .*\) is not what was sealed/) });
});
