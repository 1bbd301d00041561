import { sealing } from "@metersmith/node/sealing";
import type { SiteModule } from "@metersmith/site/site-module";
import { addAuditRoutes } from "./api/routes.ts";
import { sealRegularly } from "./jobs/seal-regularly.ts";
import { auditTrail } from "./store/entries.ts";
import { auditMigrations } from "./store/migrations.ts";
import { ensureSealKey, type MadeKey, resealKeys } from "./store/seal-key.ts";
import type { AuditTables } from "./store/tables.ts";

/** Who did what, from where, on what, why and when: only added to, chained, sealed, for ever. */
export function auditModule(): SiteModule {
  return {
    name: "audit",
    migrations: auditMigrations,
    trail: auditTrail,
    reseal: resealKeys,
    async mount(context) {
      const { config, work } = context;
      const key = await work.act<AuditTables, MadeKey>(
        { verb: "audit-key.make", on: ({ signer, publicKey, made }) => (made ? [{ kind: "audit-key", id: signer.key, facts: { publicKey } }] : []) },
        (tx) => ensureSealKey(tx, sealing(config.sealingKey)),
      );
      addAuditRoutes(context);
      sealRegularly(context, key.signer);
    },
  };
}
