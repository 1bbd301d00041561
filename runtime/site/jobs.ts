import type { Log } from "@metersmith/base/log";
import { type ConstructorOptions, PgBoss } from "pg-boss";

const SCHEMA = "jobs";

/**
 * Policy `short`: a job asked for again under the same `singletonKey` while it is still queued is one job. What a worker took and lost
 * can so be asked for again by whoever misses it.
 *
 * A job is tried again when it throws: work that must not happen twice says so in its own records.
 */
const queueOptions = { retryLimit: 5, retryDelay: 2, retryBackoff: true, notify: true, expireInSeconds: 3600 };

/**
 * Creates or updates the queue's schema and the named queues with the owner's rights, so that the application role needs none.
 * The application's pg-boss then runs with `migrate: false`.
 */
export async function prepareJobs(ownerUrl: string, appRole: string, queues: readonly string[], log: Log): Promise<void> {
  const boss = await startBoss({ connectionString: ownerUrl, schema: SCHEMA, supervise: false, schedule: false, max: 2 }, log);
  try {
    for (const queue of queues) {
      if ((await boss.getQueue(queue)) === null) await boss.createQueue(queue, { ...queueOptions, policy: "short" });
      else await boss.updateQueue(queue, queueOptions);
    }
    const role = `"${appRole.replaceAll('"', '""')}"`;
    await boss.getDb().executeSql(`
      grant usage on schema ${SCHEMA} to ${role};
      grant select, insert, update, delete on all tables in schema ${SCHEMA} to ${role};
      grant usage, select on all sequences in schema ${SCHEMA} to ${role};
      grant execute on all functions in schema ${SCHEMA} to ${role};`);
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** The application's queue: no rights over the schema, woken by notification, polling as the floor. */
export function openJobs(url: string, log: Log): Promise<PgBoss> {
  return startBoss({ connectionString: url, schema: SCHEMA, migrate: false, createSchema: false, schedule: false, useListenNotify: true, max: 4 }, log);
}

async function startBoss(options: ConstructorOptions, log: Log): Promise<PgBoss> {
  const boss = new PgBoss(options);
  // Without a listener the event would end the process; pg-boss goes on by itself once the database is back.
  boss.on("error", (error: unknown) => log.error("the job queue failed", { error }));
  await boss.start();
  return boss;
}
