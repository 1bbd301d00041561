import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "./atomic-file.ts";
import { MachineError } from "./machine-error.ts";

/** The secrets of one installation: made once, kept in one file that only its owner reads. */
export interface Secrets {
  has(name: string): boolean;
  /** The secret of this name; made by `make` and on the disk before it is given out where there was none. */
  ensure(name: string, make?: () => string): Promise<string>;
}

/** 192 bits as 32 characters of base64url: fit for passwords in URLs and for signing keys. */
export function randomSecret(): string {
  return randomBytes(24).toString("base64url");
}

/** @throws MachineError `secrets-unreadable` where the file is no JSON object of strings. It is never replaced by guesses. */
export async function openSecrets(path: string): Promise<Secrets> {
  const secrets = await load(path);
  let writing: Promise<unknown> = Promise.resolve();
  return {
    has: (name) => secrets.has(name),
    ensure(name, make = randomSecret) {
      const run = async (): Promise<string> => {
        const known = secrets.get(name);
        if (known !== undefined) return known;
        const made = make();
        const content = JSON.stringify({ ...Object.fromEntries(secrets), [name]: made }, null, 2);
        await writeFileAtomic(path, `${content}\n`, 0o600);
        secrets.set(name, made);
        return made;
      };
      const result = writing.then(run);
      writing = result.catch(() => undefined);
      return result;
    },
  };
}

async function load(path: string): Promise<Map<string, string>> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
  const entries = entriesOf(content);
  if (!entries) {
    throw new MachineError(
      "input",
      "secrets-unreadable",
      `${path} is not the JSON object of secrets that was written there; restore it from a backup (what is sealed with it cannot be opened without it)`,
      { file: path },
    );
  }
  return new Map(entries);
}

function entriesOf(content: string): [string, string][] | undefined {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value as Record<string, unknown>);
    return entries.every((entry): entry is [string, string] => typeof entry[1] === "string") ? entries : undefined;
  } catch {
    return undefined;
  }
}
