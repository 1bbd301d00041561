import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Failure } from "@metersmith/base/errors";
import { writeFileAtomic } from "@metersmith/node/atomic-file";
import type { Home } from "@metersmith/node/home";
import { keyWrappingFrom } from "@metersmith/node/key-wrapping";
import { takeLock } from "@metersmith/node/lock";
import { openSecrets } from "@metersmith/node/secrets";
import type { RotateOptions } from "../commands/secrets.ts";
import { tell } from "../output.ts";
import { ownHome } from "./own-home.ts";

/** @throws Failure `home-in-use` while the installation runs: it would write its secrets under the old key. */
export async function rotate({ site, master, json }: RotateOptions): Promise<void> {
  if ((site === undefined) === (master === undefined)) throw new Failure("misuse", "command-line", "Say which key: --site or --master.");
  const home = await ownHome();
  const lock = await takeLock(home.file("lock"));
  try {
    const done = site === undefined ? await rotateMaster(home) : await rotateSite(home, site);
    tell(json, { ok: true, ...done }, () => [done.next]);
  } finally {
    await lock.release();
  }
}

const newKey = (): string => randomBytes(32).toString("hex");

/** The new key seals, the ones before it open until the site has sealed all anew. */
async function rotateSite(home: Home, site: string): Promise<{ readonly rotated: string; readonly next: string }> {
  const name = `${site}.sealing`;
  if (!home.secrets.has(name)) throw new Failure("input", "no-site", `The installation in ${home.path} has no site “${site}”.`);
  const before = await home.secrets.ensure(name);
  await home.secrets.replace(name, `${newKey()},${before}`);
  return { rotated: name, next: `${site} has a new sealing key. At its next start it seals its secrets anew; then the old key is thrown away.` };
}

/** First both keys are in the file, then the secrets are wrapped with the new one, then the old one goes: cut anywhere, what is there opens. */
async function rotateMaster(home: Home): Promise<{ readonly rotated: string; readonly next: string }> {
  const own = home.file("key");
  const { where } = await keyWrappingFrom(process.env, home.path);
  if (where === own) await writeFileAtomic(own, `${newKey()},${(await readFile(own, "utf8")).trim()}\n`, 0o600);
  const secrets = await openSecrets(home.file("secrets.json"), await keyWrappingFrom(process.env, home.path));
  await secrets.rewrap();
  if (where !== own) return { rotated: "master", next: `The secrets are sealed anew, under the first key of ${where}. An earlier one may be taken away from there now.` };
  const [first = ""] = (await readFile(own, "utf8")).split(",");
  await writeFileAtomic(own, `${first.trim()}\n`, 0o600);
  return { rotated: "master", next: `The secrets are sealed anew; the key is in ${own}. Backups made before need the key of that time.` };
}
