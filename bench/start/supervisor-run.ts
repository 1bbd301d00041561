import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const program = join(import.meta.dirname, "../../apps/start/main.ts");
const pollMillis = 10;
const answerWithinMillis = 120_000;
const stopWithinMillis = 30_000;

/**
 * Starts the product as `npm start` does, on a home and a port of its own, and stops it as Ctrl-C does.
 * Gives the milliseconds from the start of the process until the console answers its first request.
 * @throws Error with the supervisor's last words where it ends or does not answer in time.
 */
export async function millisUntilConsoleAnswers(home: string, port: number): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [program, "--port", String(port)], {
    env: { ...process.env, METERSMITH_HOME: home, DATABASE_URL: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let words = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (words = `${words}${text}`.slice(-2000)));
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
  try {
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`npm start ended with ${child.exitCode}: ${words.trim()}`);
      const waited = performance.now() - started;
      if (waited > answerWithinMillis) throw new Error(`the console did not answer within ${answerWithinMillis / 1000} s: ${words.trim()}`);
      if (await answers(`http://127.0.0.1:${port}/`)) return performance.now() - started;
      await delay(pollMillis);
    }
  } finally {
    child.kill("SIGINT");
    const inTime = await Promise.race([ended, delay(stopWithinMillis, undefined, { ref: false })]);
    if (inTime === undefined) child.kill("SIGKILL");
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
