import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of the Chromium for the browser tests: METERSMITH_CHROMIUM where set, else the first one on PATH; undefined where none is. */
export function findChromium(environment: NodeJS.ProcessEnv): string | undefined {
  const named = environment["METERSMITH_CHROMIUM"];
  if (named !== undefined && named !== "") return runnable(named) ? named : undefined;
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(runnable);
}
