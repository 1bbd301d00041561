import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeImage } from "@metersmith/images";
import { sendToCard, type AskCard, type Sending } from "@metersmith/nic";
import { openMutualTlsClient } from "@metersmith/node/mutual-tls-client";
import { afterEach, expect, test } from "vitest";
import type { DeliveredMeter } from "../delivered-meter.ts";
import { setClock, trustedImage, trustFile } from "../testing/trusted-image.ts";

const image = await trustedImage();
const pageSize = 64;

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

interface Running {
  readonly child: ChildProcess;
  readonly meter: DeliveredMeter;
}

async function forkStreet(home: string): Promise<Running> {
  const args = ["--home", home, "--count", "1", "--port", "0", "--https-port", "0", "--base", "127.77.0.0", "--trust", join(home, "key.public.json")];
  const child = fork(fileURLToPath(new URL("../main.ts", import.meta.url)), args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  undo.push(() => kill(child));
  child.send({ kind: "start", config: {} });
  const [message] = (await once(child, "message")) as [{ kind: string; meters: DeliveredMeter[] }];
  expect(message.kind).toBe("ready");
  return { child, meter: message.meters[0]! };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL")) await once(child, "exit");
}

/** `through` may stand in the way of what is asked. */
async function send(home: string, { meter }: Running, through: (ask: AskCard) => AskCard = (ask) => ask): Promise<Sending> {
  const [authority, pem] = [await readFile(join(home, "https", "authority.crt"), "utf8"), await readFile(join(home, "https", "programmer.pem"), "utf8")];
  const client = openMutualTlsClient({ host: meter.host, port: meter.httpsPort!, authority, certificate: pem, key: pem });
  return sendToCard(through((request) => client.ask(request)), image).finally(() => client.close());
}

test("[FWU-1.5] a street that is killed while an image comes, and again while it is handed over, keeps what it acknowledged and ends the update", async () => {
  const home = await mkdtemp(join(tmpdir(), "street-"));
  undo.push(() => rm(home, { recursive: true }));
  await trustFile(home);
  const first = await forkStreet(home);
  await setClock(first.meter);
  let kept = 0;
  const broken = send(home, first, (ask) => async (request) => {
    const answer = await ask(request);
    if (request.target.includes("pages") && ++kept === 3) await kill(first.child);
    return answer;
  });
  await expect(broken).rejects.toMatchObject({ kind: "link" });

  const second = await forkStreet(home);
  let again = 0;
  const torn = send(home, second, (ask) => (request) => {
    if (request.target.includes("pages")) again++;
    const answer = ask(request);
    // On its way: the board has it, a part of it, or nothing yet.
    if (request.target.endsWith("installation")) void kill(second.child);
    return answer;
  });
  await torn.catch((error: unknown) => expect(error).toMatchObject({ kind: "link" }));
  expect(again).toBe(Math.ceil(decodeImage(image).payload.length / pageSize) - kept);

  const third = await forkStreet(home);
  expect(await send(home, third)).toMatchObject({ sent: 0, installation: { outcome: "confirmed", metrologyCheck: "passed", firmware: { after: 0x0200 } } });
});
