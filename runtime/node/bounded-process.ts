import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface ProcessBounds {
  /** It is killed after so many milliseconds. */
  readonly milliseconds: number;
  /** Its heap holds no more than this. */
  readonly mebibytes: number;
}

/** What became of it: `said` is what it wrote to its standard output before it ended well, as text. */
export type ProcessEnd = { readonly ended: "well"; readonly said: string } | { readonly ended: "late" } | { readonly ended: "badly"; readonly how: string };

const MOST_SAID = 64 * 1024;

/**
 * Runs a module in a process of its own, with `input` on its standard input and nothing of this one's environment, until it ends. A thread would not do: one
 * that runs out of memory can take its process along.
 */
export function runBounded(module: URL, input: string, { milliseconds, mebibytes }: ProcessBounds): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${mebibytes}`, fileURLToPath(module)], { stdio: ["pipe", "pipe", "ignore"], env: {} });
    let said = "";
    let killed: ProcessEnd | undefined;
    const kill = (as: ProcessEnd): void => {
      killed ??= as;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(() => kill({ ended: "late" }), milliseconds);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.length > MOST_SAID) kill({ ended: "badly", how: `it said more than ${MOST_SAID} characters` });
    });
    child.once("error", (error) => kill({ ended: "badly", how: error.message }));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve(killed ?? (code === 0 ? { ended: "well", said } : { ended: "badly", how: signal === null ? `exit code ${code}` : `signal ${signal}` }));
    });
    // One that ends before it has read all of it says so by how it ends.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
