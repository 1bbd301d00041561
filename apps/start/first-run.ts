import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "@metersmith/node/atomic-file";
import type { Home } from "@metersmith/node/home";

/** What has happened once and does not again, in one home. */
export interface FirstRun {
  /** The first logins were printed; from then on the sites keep the passwords, and nobody else. */
  readonly loginsShown: boolean;
  /** `done`: the story has ended well. `left-out`: the installation began with `--empty`, and no demonstration comes into it later. */
  readonly story: "open" | "done" | "left-out";
}

const fresh: FirstRun = { loginsShown: false, story: "open" };

/** What a damaged file forgets is done again: passwords are set anew and shown, and the story finds what is there. */
export async function readFirstRun(home: Home): Promise<FirstRun> {
  try {
    const value = JSON.parse(await readFile(home.file("first-run.json"), "utf8")) as Partial<FirstRun>;
    const story = value.story === "done" || value.story === "left-out" ? value.story : "open";
    return { loginsShown: value.loginsShown === true, story };
  } catch {
    return fresh;
  }
}

export function writeFirstRun(home: Home, state: FirstRun): Promise<void> {
  return writeFileAtomic(home.file("first-run.json"), `${JSON.stringify(state)}\n`, 0o600);
}
