import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const runnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of a Chromium: `METERSMITH_CHROMIUM`, which the test runner sets, else the first on PATH, else Playwright's own; undefined where none is. */
export function chromiumPath(): string | undefined {
  const named = process.env["METERSMITH_CHROMIUM"];
  const onPath = (process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(named === undefined || named === "" ? [] : [named]), ...onPath, chromium.executablePath()].find((path) => path !== "" && runnable(path));
}

/** Starts it without a window. As root Chromium has no sandbox to offer. */
export function openBrowser(executablePath: string): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: root ? ["--no-sandbox"] : [] });
}
