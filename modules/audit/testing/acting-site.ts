import { tmpdir } from "node:os";
import { silentLog } from "@metersmith/base/log";
import { sealing } from "@metersmith/node/sealing";
import { systemClock } from "@metersmith/node/system-clock";
import { startSite } from "@metersmith/site/site";
import type { SiteContext, SiteModule } from "@metersmith/site/site-module";
import { sql } from "kysely";
import { identityMigrations } from "../../identity/store/migrations.ts";
import { auditModule } from "../module.ts";
import { auditTrail } from "../store/entries.ts";
import { ensureSealKey } from "../store/seal-key.ts";
import { sealWaiting } from "../store/sealing.ts";
import type { AuditTables } from "../store/tables.ts";

/** What a test tells this process: where the database is, what to do, and the step at which to say so and stand still until it is killed. */
export interface ToDo {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly kind: "act" | "seal";
  /** Of the deed. */
  readonly text: string;
  readonly stopAt: string;
}

const SEALING_KEY = "5a".repeat(32);

/** A site with one route, whose process a test kills at a step of its action or of its sealing. */
async function run({ ownerUrl, appUrl, kind, text, stopAt }: ToDo): Promise<void> {
  const reach = async (step: string): Promise<void> => {
    if (step !== stopAt) return;
    process.send?.({ at: step });
    await new Promise(() => undefined);
  };
  let context: SiteContext | undefined;
  const people: SiteModule = {
    name: "people",
    migrations: identityMigrations,
    async mount({ work }) {
      const { rows } = await work.read((tx) => sql<{ id: string }>`select owner_organization() as id`.execute(tx));
      const organization = { id: rows[0]?.id ?? "", name: "Owner", owner: true };
      return { authenticator: { principalOf: async () => ({ kind: "person", id: "ann", email: "ann@site.test", name: "Ann", roles: [], permissions: new Set<string>(), organization }) } };
    },
  };
  const deeds: SiteModule = {
    name: "deeds",
    migrations: [{ name: "202611259999-deeds-table", up: async (db) => void (await sql`create table deed (text text primary key)`.execute(db)) }],
    async mount(given) {
      context = given;
      given.server.post<{ Params: { text: string } }>("/api/deeds/:text", { config: { access: { signedIn: true }, action: "deed.do" } }, async ({ params, tx, acted }) => {
        await reach("begun");
        await sql`insert into deed (text) values (${params.text})`.execute(tx());
        await reach("changed");
        acted({ kind: "deed", id: params.text });
        return {};
      });
      // Runs after the site's own, which commits.
      given.server.addHook("onSend", () => reach("committed"));
    },
  };
  const trail: SiteModule["trail"] = {
    async record(tx, action) {
      await auditTrail.record(tx, action);
      if (action.verb === "deed.do") await reach("recorded");
    },
  };
  const site = await startSite(
    {
      kind: "utility", slug: "acting", name: "Acting", host: "127.0.0.1", port: 0, ownerDatabaseUrl: ownerUrl, databaseUrl: appUrl, sessionSecret: "x".repeat(32),
      sealingKey: SEALING_KEY, consoleFolder: tmpdir(), deviceTypesFolder: "unused", manufacturerKeysFolder: "no-such-folder", logFile: "unused", logins: [],
    },
    [people, { ...auditModule(), trail }, deeds],
    { clock: systemClock, log: silentLog },
  );
  await site.server.inject({ method: "POST", url: `/api/deeds/${text}` });
  if (kind === "seal") {
    const { signer } = await (context as unknown as SiteContext).work.note<AuditTables, Awaited<ReturnType<typeof ensureSealKey>>>((tx) => ensureSealKey(tx, sealing(SEALING_KEY)));
    // The site seals when it starts, too: until that is done, this finds another at it.
    while ((await context?.work.note<AuditTables, number | undefined>((tx) => sealWaiting(tx, signer, systemClock.now(), reach))) === undefined);
    await reach("sealed");
  }
  await site.stop();
  process.send?.({ at: "end" });
}

process.once("message", (todo: ToDo) => void run(todo).catch((error: unknown) => process.send?.({ at: `failed: ${error instanceof Error ? error.stack : String(error)}` })));
