import type { SiteContext } from "@metersmith/site/site-module";
import { ENTRIES_AT_ONCE, type SealSigner, sealWaiting } from "../store/sealing.ts";
import type { AuditTables } from "../store/tables.ts";

/** How long an entry waits for its seal, about. Until then only the database's own walls protect it. */
const PAUSE_MS = 10_000;

/** Seals all that waits, batch by batch; of several processes of a site one does it, the others find nothing to do. */
export async function sealAll({ work, clock }: Pick<SiteContext, "work" | "clock">, signer: SealSigner): Promise<void> {
  let sealed: number | undefined;
  do sealed = await work.note<AuditTables, number | undefined>((tx) => sealWaiting(tx, signer, clock.now()));
  while (sealed === ENTRIES_AT_ONCE);
}

/** Seals at the start, every few seconds, and once more at the end. */
export function sealRegularly(context: SiteContext, signer: SealSigner): void {
  const { server, clock, log } = context;
  const run = (): Promise<void> => sealAll(context, signer).catch((error: unknown) => log.error("the record of actions was not sealed", { error }));
  let running = run();
  let timer = clock.after(PAUSE_MS, again);
  function again(): void {
    running = running.then(run).finally(() => (timer = clock.after(PAUSE_MS, again)));
  }
  server.addHook("onClose", async () => {
    timer.cancel();
    await running;
    timer.cancel();
    await run();
  });
}
