import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { keyWrappingFrom } from "./key-wrapping.ts";
import { MachineError } from "./machine-error.ts";
import { openSecrets, type Secrets } from "./secrets.ts";

/** The one folder that holds all state of an installation. Delete it and the installation is new. */
export interface Home {
  readonly path: string;
  readonly secrets: Secrets;
  file(...segments: string[]): string;
}

/** SQLite, which keeps the street's meters, opens no path of more than 512 octets (observed), its journals' included; PostgreSQL none of 1024. */
const LONGEST_PATH = 450;

/** `METERSMITH_HOME`, or `.metersmith` in the project's folder. Absolute. */
export function homePath(environment: NodeJS.ProcessEnv, projectFolder: string): string {
  const chosen = environment["METERSMITH_HOME"];
  return resolve(chosen === undefined || chosen === "" ? join(projectFolder, ".metersmith") : chosen);
}

/**
 * Makes the folder where it is missing. Only its owner may look inside. Where that is root, PostgreSQL runs as another account and
 * has to pass through to its own part: 0711 lets it pass and shows nothing; secrets and logs inside are closed by themselves.
 * @throws MachineError `home-unusable` · `secrets-unreadable`
 */
export async function openHome(path: string, environment: NodeJS.ProcessEnv = process.env): Promise<Home> {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  if (Buffer.byteLength(path) > LONGEST_PATH) throw unusable(path, `its path is too long (${Buffer.byteLength(path)} octets, ${LONGEST_PATH} at most)`);
  try {
    await makeFolder(path, mode);
    await chmod(path, mode);
    for (const folder of ["logs", "run"]) await makeFolder(join(path, folder), 0o700);
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    throw unusable(path, reasons[code] ?? message, cause);
  }
  return { path, secrets: await openSecrets(join(path, "secrets.json"), await keyWrappingFrom(environment, path)), file: (...segments) => join(path, ...segments) };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  ENOENT: "no folder can be made there",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "it is a file",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "a name in its path is too long",
  ELOOP: "its path is a circle of links",
};

/** From the deepest folder that exists downwards: Node's own recursive making never ends where no folder can be made (`/proc`). */
async function makeFolder(path: string, mode: number): Promise<void> {
  if (await isFolder(path)) return;
  await makeFolder(dirname(path), mode);
  try {
    await mkdir(path, { mode });
  } catch (error) {
    // Another start may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function unusable(path: string, why: string, cause?: unknown): MachineError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return new MachineError("input", "home-unusable", `cannot keep state in ${shown}: ${why}; set METERSMITH_HOME to a folder that you own`, { path }, cause);
}
