import { isFailure } from "@metersmith/base/errors";
import { openDatabase } from "@metersmith/postgres/pool";
import { type Kysely, sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { identityModule } from "../identity/module.ts";
import { sealing } from "@metersmith/node/sealing";
import { type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import { type ChainState, trustIn } from "./rules/chain.ts";
import { closeRecord, openRecord, takeLine } from "./rules/exported-record.ts";
import { checkSignature } from "./store/check-signature.ts";
import { exportDatabase } from "./store/export-record.ts";
import { ensureSealKey } from "./store/seal-key.ts";
import { type SealingStep, type SealSigner, sealWaiting } from "./store/sealing.ts";
import type { AuditTables } from "./store/tables.ts";
import { type CheckedRecord, verifyDatabase } from "./store/verify-record.ts";

let under: SiteUnderTest;
let owner: Kysely<AuditTables>;
let app: Kysely<AuditTables>;
let signer: SealSigner;
beforeAll(async () => {
  under = await siteUnderTest([identityModule([])], "manufacturer");
  [owner, app] = [openDatabase(under.ownerUrl, 4), openDatabase(under.appUrl, 12)];
  ({ signer } = await app.transaction().execute((tx) => ensureSealKey(tx, sealing("5a".repeat(32)))));
  await under.organization("saguaro");
});
afterAll(async () => {
  await Promise.all([owner.destroy(), app.destroy()]);
  await under.stop();
});

const seal = (reached?: (step: SealingStep) => Promise<void>): Promise<number | undefined> => app.transaction().execute((tx) => sealWaiting(tx, signer, Date.now(), reached));
const check = (): Promise<CheckedRecord[]> => verifyDatabase(app, undefined, []);
let people = 0;
const act = (): Promise<unknown> => under.as.administrator.post("/api/v1/people", { email: `acted-${people++}@site.test`, name: "Acted", roles: [] });

/** Seals until nothing waits, whichever process is at it. */
async function sealAll(): Promise<void> {
  while ((await seal()) !== 0);
}

/** What the check finds after a change that only who owns the tables can make, past its triggers; the change is then taken back. */
async function foundAfter(...statements: string[]): Promise<Record<string, unknown>> {
  await act();
  await sealAll();
  await act();
  await sealAll();
  let found: Record<string, unknown> | undefined;
  await owner
    .transaction()
    .execute(async (tx) => {
      for (const table of ["audit_entry", "audit_leaf", "audit_seal"]) await sql`alter table ${sql.table(table)} disable trigger user`.execute(tx);
      await sql`alter table audit_leaf drop constraint audit_leaf_entry_id_fkey`.execute(tx);
      for (const statement of statements) await sql.raw(statement).execute(tx);
      found = await verifyInside(tx).then((records) => ({ records: records.length }), (error: unknown) => (isFailure(error) ? { code: error.code, ...error.context } : Promise.reject(error as Error)));
      throw new TakenBack();
    })
    .catch((error: unknown) => (error instanceof TakenBack ? undefined : Promise.reject(error as Error)));
  return found ?? {};
}
class TakenBack extends Error {}

/** The check opens a transaction of its own; inside of one it is asked to use that. */
const verifyInside = (tx: Kysely<AuditTables>): Promise<CheckedRecord[]> => {
  const same = { setIsolationLevel: () => same, setAccessMode: () => same, execute: (run: (db: Kysely<AuditTables>) => Promise<CheckedRecord[]>) => run(tx) };
  return verifyDatabase({ transaction: () => same } as unknown as Kysely<AuditTables>, undefined, []);
};

const lastSealed = "(select entry_id from audit_leaf order by entry_id desc limit 1)";

test.each([
  ["an entry is altered", [`update audit_entry set actor_name = 'somebody else' where id = ${lastSealed}`], { code: "entry-altered", entry: expect.any(String) }],
  ["an entry's time is altered", [`update audit_entry set at = at - interval '1 hour' where id = ${lastSealed}`], { code: "entry-altered", entry: expect.any(String) }],
  ["an entry is removed", [`delete from audit_entry where id = ${lastSealed}`], { code: "entry-missing", position: expect.any(Number) }],
  ["an entry is removed with its leaf", [`delete from audit_entry where id = ${lastSealed}`, "delete from audit_leaf l where not exists (select from audit_entry e where e.id = l.entry_id)"], { code: "entry-missing" }],
  ["two entries have changed places", ["update audit_leaf set position = -position where entry_id = (select min(entry_id) from audit_leaf)", "update audit_leaf set position = 1 where position = 2 and organization_id = (select organization_id from audit_leaf where position = -1)", "update audit_leaf set position = 2 where position = -1"], { code: "entry-altered", position: 1 }],
  ["a seal is removed with all it is over", ["delete from audit_waiting", "alter table audit_leaf drop constraint audit_leaf_organization_id_seal_number_fkey", "delete from audit_seal where number = 1"], { code: "seal-missing" }],
  ["an entry is put in that does not wait", ["insert into audit_entry (actor_kind, actor_id, actor_name, roles, verb, object_kind, object_id) values ('person', 'x', 'x', '{}', 'x.y', 'x', 'x')"], { code: "entry-unchained" }],
  ["a seal's signature is another's", ["update audit_seal set signature = (select signature from audit_seal order by number desc limit 1) where number = 1"], { code: "bad-signature", seal: 1 }],
])("where %s past the site, the check finds it", async (_what, statements, place) => {
  expect(await foundAfter(...statements)).toMatchObject(place);
});

test("a record that nobody touched is whole, also after all that", async () => {
  await sealAll();
  const records = await check();
  expect(records).toHaveLength(2);
  for (const { chain, waiting } of records) expect({ sealed: chain.entries > 0, waiting }).toEqual({ sealed: true, waiting: 0 });
});

test("requests at once, with several sealers beside them: each entry has one place, and none waits for another's", async () => {
  const before = (await check()).reduce((sum, { chain, waiting }) => sum + chain.entries + waiting, 0);
  for (let round = 0; round < 6; round++) {
    await Promise.all([...Array.from({ length: 10 }, act), seal(), seal(), seal()]);
  }
  await sealAll();
  const records = await check();
  expect(records.reduce((sum, { chain }) => sum + chain.entries, 0)).toBe(before + 60);
});

test("while one seals, another finds nothing to do and waits for nothing, and requests go on", async () => {
  await act();
  const inside = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const first = seal(async (step) => {
    if (step !== "taken") return;
    inside.resolve();
    await goOn.promise;
  });
  await inside.promise;
  expect(await seal()).toBeUndefined();
  expect(await act()).toMatchObject({ status: 201 });
  goOn.resolve();
  expect(await first).toBeGreaterThan(0);
  expect(await seal()).toBe(1);
});

const steps: readonly SealingStep[] = ["locked", "taken", "seal", "leaves", "emptied"];
test.each(steps)("the sealer's connection is cut at “%s”: nothing of that seal is there, and the next one is whole", async (at) => {
  await act();
  const before = await check();
  const cut = app.transaction().execute((tx) =>
    sealWaiting(tx, signer, Date.now(), async (step) => {
      if (step !== at) return;
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(owner).catch(() => sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(app));
    }),
  );
  await expect(cut).rejects.toThrow();
  expect(await check()).toEqual(before);
  await sealAll();
  const total = (records: readonly CheckedRecord[]): number => records.reduce((sum, { chain, waiting }) => sum + chain.entries + waiting, 0);
  expect(total(await check())).toBe(total(before));
});

test("what is exported is whole by itself, without the database, under the key that was given", async () => {
  await sealAll();
  const lines: string[] = [];
  const written = await exportDatabase(app, "test", "saguaro", async (line) => void lines.push(line));
  const { rows } = await sql<{ id: string; publicKey: string }>`select id, public_key as "publicKey" from audit_key`.execute(owner);
  const [first = "", ...rest] = lines;
  const record = rest.reduce((read, line, at) => takeLine(read, line, at + 2), openRecord(first, trustIn(rows, checkSignature)));
  const chain: ChainState = closeRecord(record);
  expect(chain).toMatchObject(written);
  await expect(exportDatabase(app, "test", undefined, async () => undefined)).rejects.toThrow("--organization owner, --organization saguaro");
});

test("the site's own export is the same file, in as many answers as it takes", async () => {
  let after = "0";
  const lines: string[] = [];
  for (;;) {
    const answer = await under.as.administrator.get(`/api/v1/audit-export?after=${after}`);
    lines.push(...String(answer.body).trimEnd().split("\n"));
    const next = answer.headers["metersmith-after"];
    if (next === undefined) break;
    after = String(next);
  }
  const [first = "", ...rest] = lines;
  expect(closeRecord(rest.reduce((read, line, at) => takeLine(read, line, at + 2), openRecord(first, checkSignature))).entries).toBeGreaterThan(60);
});

afterEach(sealAll);
