import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "./atomic-file.ts";
import type { KeyWrapping } from "./key-wrapping.ts";
import { MachineError } from "./machine-error.ts";
import { type Sealing, sealing } from "./sealing.ts";

/** The secrets of one installation: made once, kept sealed in one file that only its owner reads. */
export interface Secrets {
  has(name: string): boolean;
  /** The secret of this name; made by `make` and on the disk before it is given out where there was none. */
  ensure(name: string, make?: () => string): Promise<string>;
  /** Puts a secret in place of another, on the disk before it returns. */
  replace(name: string, secret: string): Promise<void>;
  /** Seals all anew under a new key, which the key service wraps with the key that is now in use there. */
  rewrap(): Promise<void>;
  readonly names: readonly string[];
}

const FORMAT = "metersmith-secrets/2";
const PURPOSE = "secret of the installation";

/** 192 bits as 32 characters of base64url: fit for passwords in URLs and for signing keys. */
export function randomSecret(): string {
  return randomBytes(24).toString("base64url");
}

/**
 * Opens the file, or begins one. One that the first version wrote in clear is sealed at once.
 * @throws MachineError `secrets-unreadable` where the file is none of ours or does not open. It is never replaced by guesses.
 */
export async function openSecrets(path: string, wrapping: KeyWrapping): Promise<Secrets> {
  const kept = await load(path, wrapping);
  const secrets = kept.secrets;
  let seal = kept.seal ?? (await newSeal(wrapping));
  let writing: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const result = writing.then(run);
    writing = result.catch(() => undefined);
    return result;
  };
  const write = (content: ReadonlyMap<string, string>): Promise<void> => store(path, content, seal);
  if (!kept.seal && secrets.size > 0) await write(secrets);
  return {
    has: (name) => secrets.has(name),
    get names() {
      return [...secrets.keys()].toSorted();
    },
    ensure: (name, make = randomSecret) =>
      inTurn(async () => {
        const known = secrets.get(name);
        if (known !== undefined) return known;
        const made = make();
        await write(new Map(secrets).set(name, made));
        secrets.set(name, made);
        return made;
      }),
    replace: (name, secret) =>
      inTurn(async () => {
        await write(new Map(secrets).set(name, secret));
        secrets.set(name, secret);
      }),
    rewrap: () =>
      inTurn(async () => {
        const next = await newSeal(wrapping);
        await store(path, secrets, next);
        seal = next;
      }),
  };
}

interface Seal {
  readonly wrapped: string;
  readonly sealing: Sealing;
}

async function newSeal(wrapping: KeyWrapping): Promise<Seal> {
  const key = randomBytes(32);
  return { wrapped: await wrapping.wrap(key), sealing: sealing(key.toString("hex")) };
}

async function store(path: string, secrets: ReadonlyMap<string, string>, { wrapped, sealing: seal }: Seal): Promise<void> {
  const sealed = [...secrets].map(([name, secret]): [string, string] => [name, seal.seal(Buffer.from(secret), { purpose: PURPOSE, of: name })]);
  await writeFileAtomic(path, `${JSON.stringify({ format: FORMAT, key: wrapped, secrets: Object.fromEntries(sealed) }, null, 2)}\n`, 0o600);
}

async function load(path: string, wrapping: KeyWrapping): Promise<{ secrets: Map<string, string>; seal?: Seal }> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { secrets: new Map() };
    throw error;
  }
  const value = objectIn(content);
  if (value?.["format"] === FORMAT) return loadSealed(path, value, wrapping);
  const entries = value && textsOf(value);
  if (!entries) throw unreadable(path);
  return { secrets: new Map(entries) };
}

async function loadSealed(path: string, { key: wrapped, secrets: sealed }: Record<string, unknown>, wrapping: KeyWrapping): Promise<{ secrets: Map<string, string>; seal: Seal }> {
  const entries = typeof sealed === "object" && sealed !== null && !Array.isArray(sealed) ? textsOf(sealed as Record<string, unknown>) : undefined;
  if (typeof wrapped !== "string" || !entries) throw unreadable(path);
  const key = await wrapping.unwrap(wrapped);
  try {
    const seal = sealing(Buffer.from(key).toString("hex"));
    const secrets = entries.map(([name, text]): [string, string] => [name, Buffer.from(seal.open(text, { purpose: PURPOSE, of: name })).toString("utf8")]);
    return { secrets: new Map(secrets), seal: { wrapped, sealing: seal } };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause?: unknown): MachineError {
  return new MachineError(
    "input",
    "secrets-unreadable",
    `${path} is not the file of sealed secrets that was written there; restore it from a backup (what is sealed with it cannot be opened without it)`,
    { file: path },
    cause,
  );
}

function objectIn(content: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function textsOf(value: Record<string, unknown>): [string, string][] | undefined {
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === "string") ? entries : undefined;
}
