import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@metersmith/base/errors";
import { FolderStore } from "@metersmith/node/folder-store";
import { takeLock } from "@metersmith/node/lock";
import { fileFailure } from "../failure.ts";

/** Works on a repository's folder, alone: a second command on it is refused until the first has ended, or its process. */
export async function withRepository<T>(folder: string, work: (store: FolderStore) => Promise<T>, make = false): Promise<T> {
  try {
    if (make) await mkdir(folder, { recursive: true });
    const lock = await takeLock(join(folder, ".lock")).catch((error: unknown) => {
      if (error instanceof Failure && error.code === "home-in-use") throw new Failure("input", "repository-in-use", `${folder}: another command works on this repository (process ${String(error.context["pid"] ?? "unknown")}); wait for its end`, { folder }, error);
      throw error;
    });
    try {
      return await work(new FolderStore(folder));
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw fileFailure(error, folder);
  }
}
