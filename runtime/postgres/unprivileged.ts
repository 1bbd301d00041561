import { execFile } from "node:child_process";
import { chown, lstat, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How a program that refuses to run as root is run all the same. */
export interface Account {
  /** Put before the command. */
  readonly wrapper: readonly string[];
  /** The account the process is given before it starts. */
  readonly ids: { readonly uid?: number; readonly gid?: number };
  /** Whom its files must belong to; undefined where they are ours already. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Not root: as we are. Root: as an account without rights, `postgres` or `nobody`. Where that account cannot pass through the folders
 * above (a checkout under /root), as root of no account in a user namespace of its own, or with the one right to read past them.
 * @param paths what the program must reach.
 */
export async function unprivilegedAccount(paths: readonly string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return { wrapper: [], ids: {} };
  const ids = await accountWithoutRights();
  if ((await Promise.all(paths.map(passable))).every(Boolean)) return { wrapper: [], ids, owner: ids };
  // Seen from inside a namespace that maps nobody, root is "nobody", and so are root's files: initdb and postgres are content.
  if (await works(["unshare", "-U", "--"])) return { wrapper: ["unshare", "-U", "--"], ids: {}, owner: { uid: 0, gid: 0 } };
  const { uid, gid } = ids;
  const setpriv = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--"];
  return { wrapper: setpriv, ids: {}, owner: ids };
}

/** Makes a folder and all in it belong to the account, where it does not already. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  const { owner } = account;
  if (!owner || (await lstat(folder)).uid === owner.uid) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
  // Last, so that a crash in between is seen and done again.
  await chown(folder, owner.uid, owner.gid);
}

async function accountWithoutRights(): Promise<{ uid: number; gid: number }> {
  const accounts = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65_534, gid: 65_534 };
}

/** Whether any account may pass through all folders above a path. */
async function passable(path: string): Promise<boolean> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function works(wrapper: readonly string[]): Promise<boolean> {
  const [command, ...args] = [...wrapper, "true"];
  return run(command ?? "true", args).then(
    () => true,
    () => false,
  );
}
