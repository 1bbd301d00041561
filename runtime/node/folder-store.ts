import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobStore } from "@metersmith/base/blob-store";
import { Failure } from "@metersmith/base/errors";

const nameForm = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}(\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}){0,7}$/;
const atATime = 16;

/** Blobs as files of one folder, each replaced whole and on the disk before a write resolves. What a crash leaves half-made has a name that is never listed. */
export class FolderStore implements BlobStore {
  readonly #folder: string;
  readonly #mode: number;

  /** @param mode permissions of the files: 0o600 for what is its owner's alone */
  constructor(folder: string, mode = 0o644) {
    this.#folder = folder;
    this.#mode = mode;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return orAbsent(async () => new Uint8Array(await readFile(this.#path(name))));
  }

  async size(name: string): Promise<number | undefined> {
    return orAbsent(async () => (await stat(this.#path(name))).size);
  }

  async write(blobs: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const files = [...blobs].map(([name, octets]) => [this.#path(name), octets] as const);
    const folders = new Set(files.map(([path]) => dirname(path)));
    for (const folder of folders) await makeFolder(folder, this.#folder);
    const left = files.values();
    await Promise.all(Array.from({ length: atATime }, async () => {
      for (const [path, octets] of left) await this.#replace(path, octets);
    }));
    for (const folder of folders) await syncFolder(folder);
  }

  async append(name: string, octets: Uint8Array): Promise<void> {
    const path = this.#path(name);
    await makeFolder(dirname(path), this.#folder);
    const file = await open(path, "a", this.#mode);
    try {
      await file.writeFile(octets);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async move(name: string, to: string): Promise<void> {
    await rename(this.#path(name), this.#path(to));
    await syncFolder(dirname(this.#path(to)));
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(this.#path(name), { force: true });
  }

  async list(folder: string): Promise<readonly string[]> {
    const path = folder === "" ? this.#folder : this.#path(folder);
    const found = await orAbsent(() => readdir(path));
    return (found ?? []).filter((name) => nameForm.test(name)).sort();
  }

  async #replace(path: string, octets: Uint8Array): Promise<void> {
    const making = join(dirname(path), `.${randomBytes(6).toString("hex")}.new`);
    try {
      const file = await open(making, "wx", this.#mode);
      try {
        await file.writeFile(octets);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(making, path);
    } catch (error) {
      await rm(making, { force: true });
      throw error;
    }
  }

  /** No name leads out of the folder. */
  #path(name: string): string {
    if (!nameForm.test(name)) throw new Failure("misuse", "blob-name", `“${name.slice(0, 100)}” is no name of a blob`);
    return join(this.#folder, name);
  }
}

async function orAbsent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** A new folder is durable once the one above it is. */
async function makeFolder(folder: string, top: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let above = folder; above.length > top.length; above = dirname(above)) await syncFolder(dirname(above));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
