import { createHash, createPublicKey, verify } from "node:crypto";
import { openDatabase } from "@metersmith/postgres/pool";
import { sealing } from "@metersmith/node/sealing";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Invited, Me } from "../identity/api/contract.ts";
import { identityModule } from "../identity/module.ts";
import { registryModule } from "../registry/module.ts";
import { type Account, type SiteUnderTest, siteUnderTest } from "../testing/site-under-test.ts";
import type { AuditSeal, ListedEntry } from "./api/contract.ts";
import { auditModule } from "./module.ts";
import type { AuditTables } from "./store/tables.ts";

const password = "6d65746572206f6e65206d65746572206f6e6521";
let under: SiteUnderTest;
let owner: Kysely<AuditTables>;
let app: Kysely<AuditTables>;

beforeAll(async () => {
  under = await siteUnderTest([identityModule([]), auditModule(), registryModule(sealing("5a".repeat(32)), { ids: async () => ["rx-2s"] })], "manufacturer");
  owner = openDatabase(under.ownerUrl, 2);
  app = openDatabase(under.appUrl, 2);
});
afterAll(async () => {
  await Promise.all([owner.destroy(), app.destroy()]);
  await under.stop();
});

const entries = async (query = "", who: Account = under.as.administrator): Promise<ListedEntry[]> => {
  const { status, body } = await who.get(`/api/v1/audit-entries${query}`);
  expect(status).toBe(200);
  return (body as { items: ListedEntry[] }).items;
};
const register = (serial: string) =>
  under.as.metering.post("/api/v1/meters", { meters: [{ manufacturer: "MSMT", serial, deviceType: "rx-2s", address: "tcp:127.0.0.1:1", programmingPassword: password }] });

test("[MFG-6] a change is on record with who, from where, in which session, what and on what", async () => {
  await register("A1");
  const me = (await under.as.metering.get("/api/v1/me")).body as Me;
  const [entry, ...others] = await entries("?verb=meter.register&object=A1");
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    actor: { kind: "person", id: me.id, name: "metering@site.test", roles: ["metering"] },
    address: "127.0.0.1",
    session: expect.stringMatching(/^[0-9a-f-]{36}$/),
    verb: "meter.register",
    object: { kind: "meter", name: "A1" },
    facts: { address: "tcp:127.0.0.1:1" },
  });
  expect(JSON.stringify(entry)).not.toContain(password);
});

test("what was refused is not on record as done", async () => {
  expect((await under.as.viewer.post("/api/v1/meters", { meters: [] })).status).toBe(403);
  const twice = { manufacturer: "MSMT", serial: "TWICE", deviceType: "nonesuch", address: "tcp:127.0.0.1:1", programmingPassword: password };
  expect((await under.as.metering.post("/api/v1/meters", { meters: [twice] })).status).toBe(422);
  expect(await entries("?object=TWICE")).toEqual([]);
});

test("why is on record where it was said, and what roles were before", async () => {
  const { body } = await under.as.administrator.post("/api/v1/people", { email: "why@site.test", name: "Why", roles: ["viewer"] });
  const { person } = body as Invited;
  await under.as.administrator.ask("PUT", `/api/v1/people/${person.id}/roles`, { roles: [], reason: "left the department" });
  const [changed] = await entries(`?verb=people.update&object=${person.id}`);
  expect(changed).toMatchObject({ reason: "left the department", facts: { "roles-before": "viewer", roles: "" }, object: { name: "why@site.test" } });
});

test("[MFG-6] sign-in, refused sign-in and the end of a session are on record, whatever way the library took", async () => {
  const joined = await under.join(under.as.administrator, ["viewer"]);
  const me = (await joined.get("/api/v1/me")).body as Me;
  await under.as.anonymous.post("/api/auth/sign-in/email", { email: me.email, password: "not the password" });
  await under.as.anonymous.post("/api/auth/sign-in/email", { email: "hunter2 in the wrong field", password: "not the password" });
  expect((await joined.post("/api/auth/sign-out")).status).toBe(200);
  expect((await entries(`?object=${encodeURIComponent(me.email)}`)).map(({ verb, actor }) => [verb, actor.kind])).toEqual([
    ["session.end", "person"],
    ["session.refuse", "site"],
    ["session.begin", "person"],
    ["credential.make", "site"],
    ["invitation.remove", "site"],
    ["people.invite", "person"],
  ]);
  const [begun] = await entries(`?verb=session.begin&who=${me.id}`);
  expect(begun).toMatchObject({ address: "127.0.0.1", session: begun?.object.id });
  expect(JSON.stringify(await entries())).not.toContain("hunter2");
});

test("to read the record is on record, with what was looked for", async () => {
  await entries("?verb=meter.register");
  const [reading] = await entries("?verb=audit.view");
  expect(reading).toMatchObject({ actor: { name: "administrator@site.test" }, object: { kind: "audit-record" }, facts: { verb: "meter.register" } });
});

test("filters hold together, and pages go on where the last one ended", async () => {
  for (const serial of ["P1", "P2", "P3"]) await register(serial);
  const seen: string[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const { body } = await under.as.administrator.get(`/api/v1/audit-entries?verb=meter&who=metering@site.test&limit=2${after ? `&after=${after}` : ""}`);
    const page = body as { items: ListedEntry[]; after: string | null };
    seen.push(...page.items.map(({ object }) => object.name ?? ""));
    after = page.after;
  }
  expect(seen).toEqual(["P3", "P2", "P1", "A1"]);
  const [oldest] = await entries("?object=A1");
  expect(await entries(`?verb=meter&to=${oldest?.at}`)).toEqual([]);
  expect((await entries(`?verb=meter&from=${oldest?.at}`)).length).toBe(4);
});

test("[MFG-6] an organization sees its own record alone", async () => {
  const elsewhere = await under.organization("saguaro");
  const seen = await entries("?limit=1000", elsewhere);
  expect(new Set(seen.map(({ organization }) => organization)).size).toBe(1);
  expect(seen.map(({ object }) => object.name)).not.toContain("A1");
  const [ours] = await entries();
  expect((await elsewhere.get(`/api/v1/audit-entries?after=${ours?.id}`)).status).toBe(400);
  expect(await sql`select from audit_entry`.execute(app)).toMatchObject({ rows: [] });
});

test.each(["update audit_entry set actor_name = 'somebody else'", "delete from audit_entry", "truncate audit_entry cascade", "update audit_seal set root = ''", "delete from audit_leaf", "update audit_key set public_key = ''", "delete from audit_key"])(
  "the application's role is refused: %s",
  async (statement) => {
    await expect(sql.raw(statement).execute(app)).rejects.toThrow(/permission denied/);
  },
);

test.each(["update audit_entry set actor_name = 'somebody else'", "delete from audit_entry", "truncate audit_entry cascade", "delete from audit_seal", "update audit_leaf set digest = ''"])(
  "the owner's role is refused, too: %s",
  async (statement) => {
    await expect(sql.raw(statement).execute(owner)).rejects.toThrow(/only added to|violates foreign key/);
  },
);

test("an entry cannot be put into another organization's record by who works for one", async () => {
  const { rows } = await sql<{ id: string }>`select id from organization where not is_owner limit 1`.execute(owner);
  const attempt = app.transaction().execute(async (tx) => {
    await sql`insert into audit_entry (organization_id, actor_kind, actor_id, actor_name, roles, verb, object_kind, object_id) values (${rows[0]?.id}, 'person', 'x', 'x', '{}', 'x.y', 'x', 'x')`.execute(tx);
  });
  await expect(attempt).rejects.toThrow(/row-level security/);
});

test("seals hold by themselves: Ed25519 over the tree's root, each continues the one before", async () => {
  const again = await under.startAnother([identityModule([]), auditModule(), registryModule(sealing("5a".repeat(32)), { ids: async () => ["rx-2s"] })]);
  await again.stop();
  const { body } = await under.as.administrator.get("/api/v1/audit-seals");
  const { items, keys } = body as { items: AuditSeal[]; keys: { id: string; publicKey: string }[] };
  expect(items.map(({ number }) => number)).toEqual(items.map((_, at) => at + 1));
  expect(keys).toHaveLength(1);
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(keys[0]?.publicKey ?? "", "hex")]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  for (const seal of items) expect(verify(null, Buffer.from(sealedOctetsByHand(seal)), key, Buffer.from(seal.signature, "hex"))).toBe(true);
  expect(createHash("sha256").update(spki.subarray(12)).digest("hex").slice(0, 16)).toBe(keys[0]?.id);
  expect((await entries("?limit=1000")).filter(({ seal }) => seal !== null).length).toBeGreaterThan(10);
});

/** RFC 8949 written out by hand for this one shape: array of two, text, map of eight whose keys go by length first, then bytes. */
function sealedOctetsByHand(seal: AuditSeal): number[] {
  const head = (major: number, length: number): number[] =>
    length < 24 ? [(major << 5) | length] : length < 256 ? [(major << 5) | 24, length] : length < 65536 ? [(major << 5) | 25, length >> 8, length & 255] : wide(major, length);
  const wide = (major: number, value: number): number[] => {
    const octets = [...Buffer.from(value.toString(16).padStart(value < 2 ** 32 ? 8 : 16, "0"), "hex")];
    return [(major << 5) | (octets.length === 4 ? 26 : 27), ...octets];
  };
  const text = (value: string): number[] => [...head(3, Buffer.byteLength(value)), ...Buffer.from(value)];
  const members: [string, number[]][] = [
    ["at", head(0, Date.parse(seal.at))], ["key", text(seal.key)], ["root", text(seal.root)], ["first", head(0, seal.first)], ["number", head(0, seal.number)],
    ["entries", head(0, seal.entries)], ["previous", seal.previous === null ? [0xf6] : text(seal.previous)], ["organization", text(seal.organization)],
  ];
  const sorted = members.map(([key, value]) => ({ key: text(key), value })).toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return [...head(4, 2), ...text("metersmith audit seal 1"), ...head(5, members.length), ...sorted.flatMap(({ key, value }) => [...key, ...value])];
}

/** Tables that sign-in's connections may write without going on record, each with why. */
const unrecorded = new Map([
  ["login_verification", "what a sign-in under way needs, gone when it ends"],
  ["role", "written by requests alone, which record it"],
  ["role_permission", "written by requests alone, which record it"],
  ["used_code", "that a code was right is told by the session that it began"],
  ["sign_in_failure", "counts what session.refuse records one by one"],
  ["machine", "written by requests alone, which record it"],
  ["machine_role", "written by requests alone, which record it"],
  ["machine_key", "written by requests alone, which record it"],
  ["machine_assertion", "machine-token.make is recorded in the transaction that takes it"],
  ["machine_token", "machine-token.make is recorded in the transaction that makes it"],
]);

test("every table that sign-in's own connections may write records by itself, or says why not", async () => {
  const { rows } = await sql<{ name: string; recorded: boolean }>`
    select distinct policy.tablename as name, exists (
      select from pg_trigger where tgrelid = policy.tablename::regclass and tgfoid = 'audit_sign_in_change'::regproc) as recorded
    from pg_policies policy where policy.schemaname = 'public' and coalesce(policy.qual, '') || coalesce(policy.with_check, '') like '%for_sign_in()%'`.execute(owner);
  expect(rows.filter(({ recorded }) => recorded).map(({ name }) => name)).toEqual(expect.arrayContaining(["login_account", "login_session", "person"]));
  expect(rows.filter(({ name, recorded }) => !recorded && !unrecorded.has(name))).toEqual([]);
});
