import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Two serial ports joined by a cable, without hardware. A rate may be set and changes nothing: terminals of this kind carry bytes at any. */
export interface PseudoTerminals {
  readonly ends: readonly [string, string];
  close(): Promise<void>;
}

/** What a test is skipped for, or undefined where it can run. */
export const noPseudoTerminals = spawnSync("socat", ["-V"]).error ? "needs the program socat (Debian: socat), which makes pseudo-terminals" : undefined;

export async function pseudoTerminals(): Promise<PseudoTerminals> {
  const folder = mkdtempSync(join(tmpdir(), "metersmith-serial-"));
  const ends = [join(folder, "a"), join(folder, "b")] as const;
  const child = spawn("socat", ends.map((link) => `pty,raw,echo=0,link=${link}`), { stdio: "ignore" });
  for (let wait = 0; wait < 200 && !ends.every((end) => existsSync(end)); wait++) await turn(child);
  const close = async (): Promise<void> => {
    const ended = child.exitCode === null ? new Promise((resolve) => child.once("close", resolve)) : undefined;
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { ends, close };
}

function turn(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`socat ended with ${child.exitCode}`);
  return new Promise((resolve) => setTimeout(resolve, 10));
}
