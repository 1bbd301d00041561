import { existsSync } from "node:fs";
import { Failure } from "@metersmith/base/errors";
import { changeKeys, delegate, initRepository, revocation, rotation, usualLifetimes, type Lifetimes, type Speakers } from "@metersmith/trust";
import { tell } from "../output.ts";
import { wholeNumber } from "../whole-number.ts";
import { withRepository } from "./ceremony-folder.ts";
import { readRolePublicKey } from "./role-key.ts";

interface Common {
  readonly json?: boolean;
}

interface InitOptions extends Common {
  readonly root: readonly string[];
  readonly targets: readonly string[];
  readonly snapshot: string;
  readonly timestamp: string;
  readonly threshold: string;
  readonly targetsThreshold: string;
  readonly director?: boolean;
  readonly days?: readonly string[];
}

const now = (): number => Math.floor(Date.now() / 1000);

async function speakers(files: readonly string[], threshold: number): Promise<Speakers> {
  return { keys: await Promise.all(files.map(readRolePublicKey)), threshold };
}

export async function beginRepository(folder: string, options: InitOptions): Promise<void> {
  const roles = {
    root: await speakers(options.root, wholeNumber("threshold", options.threshold, 1, 64)),
    targets: await speakers(options.targets, wholeNumber("targets-threshold", options.targetsThreshold, 1, 64)),
    snapshot: await speakers([options.snapshot], 1),
    timestamp: await speakers([options.timestamp], 1),
  };
  const settings = { kind: options.director ? "director" : "images", days: daysOf(options.days ?? []) } as const;
  tellStaged(options, folder, await withRepository(folder, (store) => initRepository(store, settings, roles, now()), true));
}

interface DelegateOptions extends Common {
  readonly paths: readonly string[];
  readonly key: readonly string[];
  readonly binsKey: readonly string[];
  readonly threshold: string;
  readonly bits: string;
}

export async function delegateTo(folder: string, name: string, options: DelegateOptions): Promise<void> {
  const draft = {
    name, paths: options.paths, bits: wholeNumber("bits", options.bits, 1, 12),
    role: await speakers(options.key, wholeNumber("threshold", options.threshold, 1, 64)), bins: await speakers(options.binsKey, 1),
  };
  tellStaged(options, folder, await withRepository(folder, (store) => delegate(store, draft, now())));
}

export async function rotateKey(folder: string, role: string, options: Common & { readonly from: string; readonly to: string }): Promise<void> {
  const change = rotation(role, await keyId(options.from), await readRolePublicKey(options.to));
  const staged = await withRepository(folder, (store) => changeKeys(store, change, now()));
  if (staged.length === 0) throw new Failure("input", "bad-draft", `${role}: there is no such role`, { role });
  tellStaged(options, folder, staged);
}

export async function revokeKey(folder: string, key: string, options: Common & { readonly replaceBy?: string }): Promise<void> {
  const [id, into] = [await keyId(key), options.replaceBy === undefined ? undefined : await readRolePublicKey(options.replaceBy)];
  const staged = await withRepository(folder, (store) => changeKeys(store, revocation(id, into), now()));
  if (staged.length === 0) throw new Failure("input", "bad-key", `key ${id} speaks for no role`, { key: id });
  tellStaged(options, folder, staged);
}

async function keyId(key: string): Promise<string> {
  return /^[0-9a-f]{64}$/.test(key) && !existsSync(key) ? key : (await readRolePublicKey(key)).id;
}

function tellStaged({ json }: Common, folder: string, staged: readonly string[]): void {
  tell(json, { ok: true, staged: staged.map((name) => `${folder}/${name}`) }, () => [
    "staged, nothing of it is public yet:", ...staged.map((name) => `  ${folder}/${name}`), "sign each by enough of its keys (repository sign; repository status tells which), then publish",
  ]);
}

function daysOf(given: readonly string[]): Lifetimes {
  const days: Record<keyof Lifetimes, number> = { ...usualLifetimes };
  for (const one of given) {
    const [role = "", count = ""] = one.split("=");
    if (!Object.hasOwn(days, role)) throw new Failure("misuse", "days", `--days: expected ${Object.keys(days).join(", ")} with a number, as snapshot=35, not ${one}`);
    days[role as keyof Lifetimes] = wholeNumber("days", count, 1, 3660);
  }
  return days;
}
