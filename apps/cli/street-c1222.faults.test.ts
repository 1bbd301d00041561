import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile, readFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const street = { stop: async (): Promise<void> => {} };
let home: string;

interface Delivered {
  readonly host: string;
  readonly port: number;
  readonly programmingPassword: string;
  readonly c1222: { readonly title: string; readonly udpPort: number; readonly keys: readonly { readonly id: number; readonly key: string }[] };
}

function metersmith(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [here("main.ts"), ...args], { env: { ...process.env, METERSMITH_HOME: home } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "metersmith-street-"));
  await mkdir(join(home, "street"));
  const child = spawn(process.execPath, [here("../meters/main.ts"), "--home", join(home, "street"), "--count", "1", "--port", "0", "--base", "127.81.0.0"], { stdio: ["ignore", "pipe", "inherit"] });
  street.stop = async () => {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  };
  await once(child.stdout, "data");
});
afterAll(async () => {
  await street.stop();
  await rm(home, { recursive: true });
});

const serialIn = (out: string): unknown => (JSON.parse(out) as { tables: { fields?: unknown }[] }).tables[0];

test.each(["c1222:RX260001", "c1222:RX260001?transport=udp", "c1222:RX260001?transport=udp&mode=1", "RX260001"])("[I2FR24] a meter of the street is read as %s, with what its maker recorded", async (address) => {
  const { code, out, err } = await metersmith("meter", "read", address, "--table", "1", "--json");
  expect([code, err]).toEqual([0, ""]);
  expect(JSON.stringify(serialIn(out))).toContain(Buffer.from("RX260001").toString("hex"));
});

test("by a full address, with key and password in files; a wrong key is told of", async () => {
  const { meters: [meter] } = JSON.parse(await readFile(join(home, "street", "as-built.json"), "utf8")) as { meters: Delivered[] };
  const { host, port, c1222, programmingPassword } = meter!;
  const [key, wrong, password] = ["key", "wrong", "password"].map((name) => join(home, name)) as [string, string, string];
  await writeFile(key, c1222.keys[0]!.key);
  await writeFile(wrong, "00".repeat(16));
  await writeFile(password, programmingPassword);
  const address = `c1222:${host}:${c1222.udpPort}?transport=udp&called=${c1222.title}&calling=.7&mode=2&key=${c1222.keys[0]!.id}`;
  const read = await metersmith("meter", "read", address, "--key-file", key, "--password-file", password, "--table", "1", "--trace");
  expect(read).toMatchObject({ code: 0, out: expect.stringContaining("RX260001") as unknown, err: expect.stringContaining("request: read table 1") as unknown });
  const overTcp = `c1222:${host}:${port}?called=${c1222.title}&calling=.7&mode=2&key=${c1222.keys[0]!.id}`;
  const refused = await metersmith("meter", "read", overTcp, "--key-file", wrong, "--password-file", password, "--table", "1");
  expect(refused).toMatchObject({ code: 5, err: expect.stringContaining("sme") as unknown });
});

test.each(["c1222:RX260001?transport=udp", "RX260001"])("a read that the meter (%s) refuses leaves no session open in it", async (address) => {
  const { code, err } = await metersmith("meter", "read", address, "--table", "9", "--trace");
  expect([code, err]).toEqual([5, expect.stringMatching(/onp[^]*log off[^]*answer: ok[^]*terminate the session[^]*answer: ok/)]);
});

/** A line in front of the meter on which answers take their time, so that there is a middle to stop in. */
async function slowLine(): Promise<{ readonly port: number; close(): void }> {
  const { meters: [meter] } = JSON.parse(await readFile(join(home, "street", "as-built.json"), "utf8")) as { meters: Delivered[] };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(meter!.port, meter!.host);
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => other.destroy());
    }
    near.pipe(far);
    far.on("data", (chunk) => setTimeout(() => near.write(chunk), 20));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** Runs a command over the slow line with a trace, and presses Ctrl-C when that shows `at`. */
async function stopped(at: string, ...command: readonly string[]): Promise<{ code: unknown; out: string; behind: string }> {
  const { meters: [meter] } = JSON.parse(await readFile(join(home, "street", "as-built.json"), "utf8")) as { meters: Delivered[] };
  const [line, password] = [await slowLine(), join(home, "password")];
  await writeFile(password, meter!.programmingPassword);
  const [verb = "", ...rest] = command;
  const child = spawn(process.execPath, [here("main.ts"), "meter", verb, `tcp:127.0.0.1:${line.port}`, ...rest, "--password-file", password, "--trace", "--json"], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, METERSMITH_HOME: home } });
  const exit = once(child, "close");
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    if (!err.includes(at) && (err + chunk.toString()).includes(at)) child.kill("SIGINT");
    err += chunk.toString();
  });
  const [code] = (await exit) as unknown[];
  line.close();
  return { code, out, behind: err.slice(err.indexOf(at)) };
}

const farewell = /log off[^]*answer: ok[^]*terminate the session[^]*answer: ok/;

test("Ctrl-C in a read ends the session before the program ends", async () => {
  const { code, out, behind } = await stopped("read table 11", "read");
  expect([code, JSON.parse(out)]).toMatchObject([2, { ok: false, code: "cancelled" }]);
  expect(behind).toMatch(farewell);
});

test("Ctrl-C between the writes of a program tells what was written and ends the session; the same command finishes", async () => {
  const file = join(home, "et2.json");
  const example = here("../../examples/tariffs/aps-et-2-tou");
  expect(await metersmith("program", "build", `${example}.json`, "--answers", `${example}.answers.json`, "--device-type", "rx-2s", "--out", file)).toMatchObject({ code: 0 });
  const { code, out, behind } = await stopped("request: write", "program", file);
  expect([code, JSON.parse(out)]).toMatchObject([2, { ok: false, outcome: "failed", reason: expect.stringContaining("after a part was written") as unknown }]);
  expect(behind).toMatch(farewell);
  const again = await metersmith("meter", "program", "RX260001", file, "--json");
  expect([again.code, JSON.parse(again.out)]).toMatchObject([0, { outcome: "verified" }]);
});

test("[MFG-8] a visit goes over C12.22 as it does over C12.18", async () => {
  const { code, out } = await metersmith("meter", "visit", "c1222:RX260001?transport=udp");
  expect([code, out]).toEqual([0, expect.stringMatching(/meter +MSMT RX-2S RX260001/)]);
});
