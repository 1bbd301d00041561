import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

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

/**
 * What the browser complains of on a page from now on: exceptions, breaches of the content security policy, errors on its console.
 * Requests that were refused are left out where `refused` says that they are part of the test.
 */
export function watchComplaints(page: Page, refused: (address: string) => boolean): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    if (message.text().startsWith("Failed to load resource") && refused(message.location().url)) return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  return complaints;
}
