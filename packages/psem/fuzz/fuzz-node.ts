import { equalBytes } from "@metersmith/base/bytes";
import { FakeClock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { apTitle } from "../c1222/apdu/ap-title.ts";
import { decodeApdu } from "../c1222/apdu/decode-apdu.ts";
import { networkContext } from "../c1222/ber/object-identifier.ts";
import type { ApduListener, ApduPath } from "../c1222/carrier/apdu-carrier.ts";
import type { SecurityMode } from "../c1222/epsem/epsem.ts";
import { KeyRing } from "../c1222/security/key-ring.ts";
import { MessageMaker } from "../c1222/security/message-maker.ts";
import { sealApdu } from "../c1222/security/protection.ts";
import { registrar } from "../c1222/server/registrar.ts";
import { serveC1222 } from "../c1222/server/serve-c1222.ts";
import { encodeSecurity } from "../c1222/epsem/session-services.ts";
import type { PsemDevice } from "../server/psem-device.ts";
import { encodeRequest } from "../services/encode-request.ts";
import type { ResponseCode } from "../services/response-code.ts";
import { aliveEvery, inLives } from "./lives.ts";
import { count, type FuzzFindings } from "./fuzz-server.ts";
import { GuardedDevice } from "./guarded-device.ts";
import { HostileBytes } from "./hostile-bytes.ts";

const title = apTitle("1.3.6.1.4.1.33507.1");
const keys = (fill: number): KeyRing => new KeyRing([{ id: 1, key: new Uint8Array(16).fill(fill) }]);
const rightKeys = keys(0x42);
const wrongKeys = keys(0x43);

/**
 * Who attacks: an outsider without the key, who must reach no device · an insider without a password, who must write nothing · an eavesdropper,
 * who hears a client that writes, sends its messages again, changed or not, to node and group: each must be done exactly once.
 */
const attackers = ["outsider", "insider", "eavesdropper"] as const;
type Attacker = (typeof attackers)[number];

/** Attacks C12.22 nodes with `messages` messages, by turns from each attacker. Throws where a node throws, or does what it must not. */
export function fuzzNode(random: Random, messages: number, alive: () => void = () => {}): FuzzFindings {
  const outcomes = new Map<string, number>();
  inLives(messages, (life, most) => attackNode(random, most, attackers[life % attackers.length] ?? "outsider", outcomes, alive));
  return { messages, outcomes };
}

function attackNode(random: Random, messages: number, attacker: Attacker, outcomes: Map<string, number>, alive: () => void): void {
  const hostile = new HostileBytes(random);
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const guarded = new GuardedDevice(false);
  const writes = { done: 0, sent: 0 };
  const device = (): PsemDevice => (attacker === "outsider" ? unreachable : attacker === "insider" ? new GuardedDevice(false, guarded) : countingDevice(writes));
  const node = serveC1222(clock, random, device, {
    title,
    keys: rightKeys,
    sessions: 8,
    largestAnswer: 400,
    network: registrar(clock, { title, most: 4 }),
    onFault: (fault) => faults.push(fault),
    onRefused: ({ code }) => count(outcomes, code),
  });
  const ears: ApduListener[] = [];
  const carrier = { lossy: true, peer: undefined, close: () => {}, listen: (own: ApduListener) => void ears.push(own) };
  node.attach(carrier);
  node.attachGroup(carrier);
  const from = (name: string): ApduPath => ({ name, send: (answer) => count(outcomes, `answer in mode ${((decodeApdu(answer).apdu.content[0] ?? 0) >> 2) & 3}`) });
  const maker = new MessageMaker(clock, random);
  const heard: Uint8Array[] = [new Uint8Array(0)];
  const bystander = new MessageMaker(clock, random);
  for (let sent = 0; sent < messages; sent++) {
    if (attacker === "eavesdropper" && hostile.happens(0.3)) {
      const honest = writing(bystander, hostile.happens(0.8));
      heard[hostile.below(40)] = honest;
      writes.sent += 1;
      ears[0]?.received(honest, from("client"));
    } else {
      const message = hostile.happens(attacker === "eavesdropper" ? 0.5 : 0.05) ? recorded(hostile, heard) : hostileMessage(hostile, maker, attacker === "insider");
      ears[hostile.happens(0.1) ? 1 : 0]?.received(message, from(hostile.happens(0.5) ? "attacker" : "client"));
      if (attacker !== "eavesdropper") heard[0] = message;
    }
    if (hostile.happens(0.02)) clock.advance(hostile.below(400_000));
    if (sent % aliveEvery === 0) alive();
  }
  if (faults.length > 0) throw new Error(`the node threw under an ${attacker}`, { cause: faults[0] });
  if (node.sessions > 8) throw new Error(`${node.sessions} sessions are open`);
  if (writes.done !== writes.sent) throw new Error(`${writes.sent} writes were sent by one who may; ${writes.done} were done`);
  guarded.verify();
  node.close();
  if (clock.untilNext !== undefined) throw new Error("a closed node left a timer behind");
}

function hostileMessage(hostile: HostileBytes, maker: MessageMaker, insider: boolean): Uint8Array {
  if (hostile.happens(0.1)) return hostile.bytes(120);
  const services = Array.from({ length: 1 + hostile.below(4) }, () => hostile.request()).filter((service) => service.length > 1);
  const mode: SecurityMode = hostile.happens(0.1) ? 0 : hostile.happens(0.5) ? 1 : 2;
  const forged = !insider && hostile.happens(0.5);
  const { invocation, iv } = maker.next();
  const message = sealApdu(
    {
      header: {
        called: hostile.happens(0.95) ? title : apTitle(".9"),
        calling: apTitle(`1.3.6.1.4.1.33507.2.${hostile.below(12)}`),
        callingInvocation: hostile.happens(0.9) ? invocation : Uint8Array.of(hostile.below(128)),
        qualifier: hostile.happens(0.1) ? hostile.below(8) : undefined,
      },
      control: { mode, response: "always", edClassIncluded: false, proxyUsed: false, recovery: false },
      payload: { services },
      use: { keyId: 1, iv },
    },
    { keys: forged ? wrongKeys : rightKeys, base: networkContext, now: 0 },
  );
  if (insider) return hostile.happens(0.1) ? hostile.damaged(message) : message;
  if (forged || mode === 0) return message;
  const changed = hostile.damaged(message);
  return equalBytes(changed, message) ? changed.subarray(1) : changed;
}

/** What was overheard, as it was or changed. */
function recorded(hostile: HostileBytes, heard: readonly Uint8Array[]): Uint8Array {
  const one = heard[hostile.below(heard.length)] ?? heard[0] ?? new Uint8Array(0);
  return hostile.happens(0.6) ? one : hostile.damaged(one);
}

/** A message of one who has key and password, and may say who it is. */
function writing(maker: MessageMaker, named: boolean): Uint8Array {
  const { invocation, iv } = maker.next();
  return sealApdu(
    {
      header: { called: title, calling: named ? apTitle("1.3.6.1.4.1.33507.2.77") : undefined, callingInvocation: invocation },
      control: { mode: 2, response: "always", edClassIncluded: false, proxyUsed: false, recovery: false },
      payload: { services: [encodeSecurity({ password: new Uint8Array(20), userId: 7 }), encodeRequest({ service: "write", table: 1, bytes: Uint8Array.of(1) })] },
      use: { keyId: 1, iv },
    },
    { keys: rightKeys, base: networkContext, now: 0 },
  );
}

/** Takes any password and counts what is written: only the key stands between it and an attacker. */
function countingDevice(writes: { done: number }): PsemDevice {
  const write = (): ResponseCode => {
    writes.done += 1;
    return "ok";
  };
  return { ...unreachable, logon: () => "ok", security: () => "ok", write, writeOffset: write, terminated: () => {} };
}

/** What an outsider never gets to. Identification alone is open to all. */
const unreachable: PsemDevice = {
  identification: () => ({ standard: 0, version: 2, revision: 0, features: [] }),
  logon: reached,
  security: reached,
  read: reached,
  readOffset: reached,
  write: reached,
  writeOffset: reached,
  logoff: reached,
  terminated: reached,
};

function reached(): never {
  throw new Error("a device was reached without the key");
}
