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
import type { PsemDevice } from "../server/psem-device.ts";
import { count, type FuzzFindings } from "./fuzz-server.ts";
import { GuardedDevice } from "./guarded-device.ts";
import { HostileBytes } from "./hostile-bytes.ts";

const messagesPerNode = 500;
const title = apTitle("1.3.6.1.4.1.33507.1");
const keys = (fill: number): KeyRing => new KeyRing([{ id: 1, key: new Uint8Array(16).fill(fill) }]);
const rightKeys = keys(0x42);
const wrongKeys = keys(0x43);

/**
 * Attacks a C12.22 node with `messages` messages: by turns an outsider without the key, who must reach no device, and an insider without a
 * password, who must write nothing. Throws where the node throws, or where either happens.
 */
export function fuzzNode(random: Random, messages: number): FuzzFindings {
  const outcomes = new Map<string, number>();
  let sent = 0;
  for (let node = 0; sent < messages; node++) {
    const most = Math.min(messagesPerNode, messages - sent);
    attackNode(random, most, node % 2 === 1, outcomes);
    sent += most;
  }
  return { messages: sent, outcomes };
}

function attackNode(random: Random, messages: number, insider: boolean, outcomes: Map<string, number>): void {
  const hostile = new HostileBytes(random);
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const guarded: GuardedDevice[] = [];
  const device = (): PsemDevice => {
    if (!insider) return unreachable;
    const made = new GuardedDevice(false);
    guarded.push(made);
    return made;
  };
  const node = serveC1222(clock, random, device, {
    title,
    keys: rightKeys,
    sessions: 8,
    largestAnswer: 400,
    network: registrar(clock, { title, most: 4 }),
    onFault: (fault) => faults.push(fault),
    onRefused: ({ code }) => count(outcomes, code),
  });
  let listener: ApduListener | undefined;
  node.attach({ lossy: true, peer: undefined, close: () => {}, listen: (own) => (listener = own) });
  const back: ApduPath = { name: "attacker", send: (answer) => count(outcomes, `answer in mode ${((decodeApdu(answer).apdu.content[0] ?? 0) >> 2) & 3}`) };
  const maker = new MessageMaker(clock, random);
  let last: Uint8Array = new Uint8Array(0);
  for (let sent = 0; sent < messages; sent++) {
    const message = hostile.happens(0.05) ? last : hostileMessage(hostile, maker, insider);
    listener?.received(message, back);
    last = message;
    if (hostile.happens(0.02)) clock.advance(hostile.below(400_000));
  }
  if (faults.length > 0) throw new Error("the node threw", { cause: faults[0] });
  if (node.sessions > 8) throw new Error(`${node.sessions} sessions are open`);
  for (const one of guarded) one.verify();
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
