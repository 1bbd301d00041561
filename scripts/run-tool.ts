import { spawn } from "node:child_process";
import { root } from "./source-tree.ts";

export interface ToolRun {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end, without standard input; a run that takes longer than the limit is ended and has code 124. */
export function runTool(program: string, words: readonly string[], limitSeconds = 120): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    let late = false;
    const watchdog = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, limitSeconds * 1000);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.once("error", (cause) => {
      clearTimeout(watchdog);
      reject(cause);
    });
    child.once("close", (code) => {
      clearTimeout(watchdog);
      resolve({ code: late ? 124 : (code ?? 1), output, errors: late ? `${errors}\nended after ${limitSeconds} s` : errors });
    });
  });
}
