import { chmod, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MachineError } from "./machine-error.ts";
import { openSecrets, type Secrets } from "./secrets.ts";

/** The one folder that holds all state of an installation. Delete it and the installation is new. */
export interface Home {
  readonly path: string;
  readonly secrets: Secrets;
  file(...segments: string[]): string;
}

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
export async function openHome(path: string): Promise<Home> {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    await mkdir(path, { recursive: true, mode });
    await chmod(path, mode);
    for (const folder of ["logs", "run"]) await mkdir(join(path, folder), { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MachineError("input", "home-unusable", `cannot keep state in ${path}: ${why}; set METERSMITH_HOME to a folder that you own`, { path }, cause);
  }
  return { path, secrets: await openSecrets(join(path, "secrets.json")), file: (...segments) => join(path, ...segments) };
}
