import { type ConstructorOptions, PgBoss } from "pg-boss";

const SCHEMA = "jobs";

/**
 * Creates or updates the queue's schema and the named queues with the owner's rights, so that the application role needs none.
 * The application's pg-boss then runs with `migrate: false`.
 */
export async function prepareJobs(ownerUrl: string, appRole: string, queues: readonly string[]): Promise<void> {
  const boss = await startBoss({ connectionString: ownerUrl, schema: SCHEMA, supervise: false, schedule: false, max: 2 });
  try {
    for (const queue of queues) {
      if ((await boss.getQueue(queue)) === null) {
        // A session with a meter is not repeated blindly: its own record says what is in doubt, and a person or a rule asks again.
        await boss.createQueue(queue, { retryLimit: 0, notify: true, expireInSeconds: 3600 });
      }
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
export function openJobs(url: string): Promise<PgBoss> {
  return startBoss({ connectionString: url, schema: SCHEMA, migrate: false, createSchema: false, schedule: false, useListenNotify: true, max: 4 });
}

async function startBoss(options: ConstructorOptions): Promise<PgBoss> {
  const boss = new PgBoss(options);
  boss.on("error", (error) => process.emitWarning(error));
  await boss.start();
  return boss;
}
