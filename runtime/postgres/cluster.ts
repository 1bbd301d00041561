import { execFile } from "node:child_process";
import { chown, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeFileAtomic } from "@metersmith/node/atomic-file";
import { randomSecret } from "@metersmith/node/secrets";
import type { Binaries } from "./binaries.ts";
import { DatabaseError } from "./database-error.ts";
import type { Account } from "./unprivileged.ts";

const run = promisify(execFile);

/** The superuser of an embedded cluster. */
export const SUPERUSER = "metersmith";
const MAJOR_VERSION = "18";

/** The parts of an embedded PostgreSQL's folder. */
export interface ClusterFolder {
  readonly root: string;
  readonly data: string;
  /** The superuser's password, 0600. */
  readonly password: string;
  /** The port last used. */
  readonly port: string;
  readonly log: string;
  /** Links to shared libraries, where the package has none. */
  readonly libraries: string;
}

export function clusterFolder(root: string): ClusterFolder {
  const at = (name: string): string => join(root, name);
  return { root, data: at("data"), password: at("password"), port: at("port"), log: at("postgres.log"), libraries: at("lib") };
}

/** The environment of PostgreSQL's programs: ours carries secrets and PG… variables that would redirect them. */
export function clusterEnvironment(binaries: Binaries): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    LC_ALL: "C",
    TZ: "UTC",
    ...(binaries.libraries === undefined ? {} : { LD_LIBRARY_PATH: binaries.libraries }),
  };
}

/**
 * Makes the cluster where there is none: scram-sha-256 for everyone, UTF-8 in code point order, checksums on. It is made beside its
 * place and moved there when complete, so a cluster that was cut short is never opened. Gives the superuser's password.
 * @throws DatabaseError `initdb-failed` · `cluster-version`
 */
export async function ensureCluster(folder: ClusterFolder, binaries: Binaries, account: Account, durable: boolean): Promise<string> {
  const password = await ensurePassword(folder);
  const version = await readFile(join(folder.data, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version === undefined) {
    await makeCluster(folder, binaries, account, durable);
  } else if (version.trim() !== MAJOR_VERSION) {
    throw new DatabaseError(
      "input",
      "cluster-version",
      `${folder.data} was made by PostgreSQL ${version.trim()}, this is ${MAJOR_VERSION}; dump it with the old version and restore it here, or move the folder away`,
      { folder: folder.data, expected: MAJOR_VERSION, actual: version.trim() },
    );
  }
  return password;
}

async function ensurePassword(folder: ClusterFolder): Promise<string> {
  const known = await readFile(folder.password, "utf8").catch(() => "");
  if (known.trim() !== "") return known.trim();
  const made = randomSecret();
  await writeFileAtomic(folder.password, `${made}\n`, 0o600);
  return made;
}

async function makeCluster(folder: ClusterFolder, binaries: Binaries, account: Account, durable: boolean): Promise<void> {
  await refuseForeignData(folder);
  for (const name of await readdir(folder.root)) {
    if (name.startsWith("making-")) await rm(join(folder.root, name), { recursive: true, force: true });
  }
  // A number of its own: the initdb of a killed start may still be at work in the one before.
  const making = join(folder.root, `making-${process.pid}`);
  await mkdir(making, { mode: 0o700 });
  if (account.owner) for (const path of [making, folder.password]) await chown(path, account.owner.uid, account.owner.gid);
  const [command = "", ...args] = [
    ...account.wrapper,
    join(binaries.folder, "initdb"),
    `--pgdata=${making}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${folder.password}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    ...(durable ? [] : ["--no-sync"]),
  ];
  try {
    await run(command, args, { ...account.ids, cwd: "/", env: clusterEnvironment(binaries) });
  } catch (cause) {
    await rm(making, { recursive: true, force: true });
    const said = (cause as { stderr?: string }).stderr?.trim() || (cause as Error).message;
    throw new DatabaseError("input", "initdb-failed", `PostgreSQL could not make its data folder ${folder.data}: ${said}`, { folder: folder.data }, cause);
  }
  await rename(making, folder.data);
}

async function refuseForeignData(folder: ClusterFolder): Promise<void> {
  if (await stat(folder.data).then(() => true, () => false)) {
    throw new DatabaseError("input", "not-ours", `${folder.data} exists but is no PostgreSQL data folder; move it away`, { folder: folder.data });
  }
}
