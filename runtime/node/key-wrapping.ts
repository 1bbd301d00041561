import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "./atomic-file.ts";
import { MachineError } from "./machine-error.ts";
import { sealing } from "./sealing.ts";

/**
 * The port to what holds an installation's master key: a file, the environment, or a key management service that never gives it out. It wraps the one
 * key that an installation's secrets are sealed with.
 */
export interface KeyWrapping {
  /** Where the key is, for people. */
  readonly where: string;
  wrap(key: Uint8Array): Promise<string>;
  /** @throws MachineError `secrets-unreadable` */
  unwrap(wrapped: string): Promise<Uint8Array>;
}

const PLACE = { purpose: "installation's key", of: "secrets" };

/**
 * By the environment: `METERSMITH_KMS_COMMAND`, a program that is run with `wrap` or `unwrap` and takes and gives one line of base64url;
 * `METERSMITH_KEY_FILE`; `METERSMITH_KEY`; else the file `key` of the home, made at the first start. Keys are 64 hexadecimal digits; while one is
 * changed, the new and after a comma the old.
 */
export async function keyWrappingFrom(environment: NodeJS.ProcessEnv, home: string): Promise<KeyWrapping> {
  const given = (name: string): string | undefined => environment[name] || undefined;
  const command = given("METERSMITH_KMS_COMMAND");
  if (command !== undefined) return byCommand(command);
  const text = given("METERSMITH_KEY");
  if (text !== undefined) return byKeys(text.trim(), "METERSMITH_KEY");
  const file = given("METERSMITH_KEY_FILE");
  if (file !== undefined) return byKeys((await keyFile(file)) ?? unusable(`${file}: there is no such file; METERSMITH_KEY_FILE names it`), file);
  const own = join(home, "key");
  const known = await keyFile(own);
  if (known !== undefined) return byKeys(known, own);
  return byNewFile(own);
}

/** The key is made when there is something to wrap; where something is wrapped already, another key would only hide that the right one is gone. */
function byNewFile(path: string): KeyWrapping {
  return {
    where: path,
    async wrap(key) {
      const made = randomBytes(32).toString("hex");
      await writeFileAtomic(path, `${made}\n`, 0o600);
      return byKeys(made, path).wrap(key);
    },
    unwrap: async () => unusable(`${path} is gone: the secrets of this installation open with that key alone; restore it, or name another place of it (METERSMITH_KEY_FILE)`),
  };
}

function byKeys(keys: string, where: string): KeyWrapping {
  // The message of a wrong key never repeats it.
  const ring = sealingOr(keys, where);
  return {
    where,
    wrap: async (key) => ring.seal(key, PLACE),
    async unwrap(wrapped) {
      try {
        return ring.open(wrapped, PLACE);
      } catch (cause) {
        throw new MachineError("input", "secrets-unreadable", `the secrets of this installation do not open with the key in ${where}: give the key that they were sealed with`, { where }, cause);
      }
    },
  };
}

function sealingOr(keys: string, where: string): ReturnType<typeof sealing> {
  try {
    return sealing(keys);
  } catch {
    return unusable(`${where} does not hold a key: 64 hexadecimal digits; after a comma, the key before it`);
  }
}

async function keyFile(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MachineError("input", "secrets-unreadable", `the key in ${path} cannot be read by this user`, { path }, error);
  }
}

const WITHIN_MS = 30_000;
const MOST_CHARACTERS = 100_000;

/** The program gets the key on its standard input, never in its arguments, which other accounts can see. */
function byCommand(command: string): KeyWrapping {
  const run = (what: "wrap" | "unwrap", line: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const failed = (why: string): void => reject(new MachineError("link", "secrets-unreadable", `the key service (METERSMITH_KMS_COMMAND ${what}) ${why}`, { what }));
      const child = spawn(command, [what], { stdio: ["pipe", "pipe", "inherit"], timeout: WITHIN_MS });
      let out = "";
      child.stdout.setEncoding("utf8").on("data", (part: string) => {
        out += part;
        if (out.length > MOST_CHARACTERS) child.kill("SIGKILL");
      });
      child.on("error", (error) => failed(`could not be run: ${error.message}`));
      child.on("close", (code) => (code === 0 && /^[\w-]+\s*$/.test(out) ? resolve(out.trim()) : failed(`gave no answer (it ended with ${code ?? "a signal"})`)));
      child.stdin.on("error", () => undefined);
      child.stdin.end(`${line}\n`);
    });
  return {
    where: "METERSMITH_KMS_COMMAND",
    wrap: (key) => run("wrap", Buffer.from(key).toString("base64url")),
    unwrap: async (wrapped) => Buffer.from(await run("unwrap", wrapped), "base64url"),
  };
}

function unusable(message: string): never {
  throw new MachineError("input", "secrets-unreadable", message);
}
