import type { Log } from "@metersmith/base/log";
import { sealing } from "@metersmith/node/sealing";
import type { SiteModule } from "./site-module.ts";
import type { Work } from "./work.ts";

/**
 * Seals what is not sealed with the key in use anew, before the site answers: some at a time, each some in a transaction with its record. Cut
 * off anywhere, the next start goes on. When it returns, nothing is sealed with an earlier key any more.
 */
export async function resealSecrets(modules: readonly SiteModule[], sealingKey: string, work: Work, log: Log): Promise<void> {
  const seal = sealing(sealingKey);
  const key = seal.current.split(".")[1] ?? "";
  for (const { name, reseal } of modules) {
    if (!reseal) continue;
    let total = 0;
    for (let some = 1; some > 0; total += some) {
      const on = (count: number) => (count === 0 ? [] : [{ kind: "sealed-secrets", id: name, facts: { count: String(count), key } }]);
      some = await work.act<unknown, number>({ verb: "secrets.reseal", on }, (tx) => reseal(tx, seal));
    }
    if (total > 0) log.info("secrets were sealed anew", { module: name, count: total, key });
  }
}
