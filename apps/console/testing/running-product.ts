import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Someone who may sign in, as the first start tells it. */
export interface Login {
  readonly url: string;
  readonly email: string;
  readonly password: string;
}

export interface RunningProduct {
  /** The first-run login of an address, `metering@utility.example`. */
  login(email: string): Login;
  /** Asks it to stop as Ctrl-C does, waits until it has, and removes its state. */
  stop(): Promise<void>;
}

const start = new URL("../../start/main.ts", import.meta.url);
const READY_MS = 80_000;

/**
 * Starts the whole product as `npm start` does, with a home of its own, and waits until its first-run story is told: twelve virtual
 * meters, each programmed. Fails with what it said where that does not come about.
 */
export async function startProduct(): Promise<RunningProduct> {
  const home = await mkdtemp(join(tmpdir(), "metersmith-console-"));
  const port = await freePair();
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, [start.pathname, "--port", String(port)], { env: { ...environment, METERSMITH_HOME: home }, stdio: ["ignore", "pipe", "pipe"] });
  const stop = async (): Promise<void> => {
    await stopped(child);
    await rm(home, { recursive: true, force: true });
  };
  try {
    const logins = readLogins(await output(child));
    return {
      login(email) {
        const login = logins.get(email);
        if (login === undefined) throw new Error(`The first start told no login of ${email}, only ${[...logins.keys()].join(", ")}`);
        return login;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All that it says until it serves. */
function output(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const give = (why: string): void => reject(new Error(`The product ${why}. It said:\n${said}`));
    const late = setTimeout(() => give(`was not ready within ${READY_MS / 1000} s`), READY_MS);
    const hear = (part: string): void => {
      said += part;
      if (!said.includes("Running. Ctrl-C stops it.")) return;
      clearTimeout(late);
      if (said.includes("✗")) give("told its first-run story with a failed step");
      else resolve(said);
    };
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
    child.once("exit", (code) => {
      clearTimeout(late);
      give(`ended with ${code}`);
    });
  });
}

/** Lines such as `utility  metering@utility.example  <password>  (Metering department)`, and above them where each site is. */
function readLogins(said: string): ReadonlyMap<string, Login> {
  const sites = new Map([...said.matchAll(/^ {2}(Utility|Manufacturer) +(http:\S+)$/gm)].map(([, site = "", url = ""]) => [site.toLowerCase(), url]));
  const lines = said.matchAll(/^ {4}(utility|manufacturer) +(\S+@\S+) +(\S+) +\(/gm);
  return new Map([...lines].map(([, site = "", email = "", password = ""]) => [email, { url: sites.get(site) ?? "", email, password }]));
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGINT");
  });
}

/** The first of two neighbouring ports that nobody listens on. */
async function freePair(): Promise<number> {
  for (;;) {
    const first = await listening(0);
    const second = await listening(first.port + 1).catch(() => undefined);
    await Promise.all([first.close(), second?.close()]);
    if (second !== undefined) return first.port;
  }
}

function listening(port: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}
