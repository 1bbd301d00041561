import { FakeClock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { apTitle } from "../c1222/apdu/ap-title.ts";
import type { Apdu } from "../c1222/apdu/apdu.ts";
import { decodeApdu } from "../c1222/apdu/decode-apdu.ts";
import { networkContext } from "../c1222/ber/object-identifier.ts";
import type { ApduCarrier, ApduListener, ApduPath } from "../c1222/carrier/apdu-carrier.ts";
import type { C1222Client } from "../c1222/client/c1222-client.ts";
import { openC1222Client } from "../c1222/client/open-c1222-client.ts";
import { KeyRing } from "../c1222/security/key-ring.ts";
import { MessageMaker } from "../c1222/security/message-maker.ts";
import { sealApdu } from "../c1222/security/protection.ts";
import { PsemError } from "../psem-error.ts";
import { count, type FuzzFindings } from "./fuzz-server.ts";
import { HostileBytes } from "./hostile-bytes.ts";
import { aliveEvery, lives } from "./lives.ts";

const timeout = 1000;
const keys = new KeyRing([{ id: 1, key: new Uint8Array(16).fill(0x42) }]);
const wrongKeys = new KeyRing([{ id: 1, key: new Uint8Array(16).fill(0x43) }]);

/** Answers a C12.22 client with what a hostile meter, or somebody on the way, would say. Throws where a call ends with neither a value nor a `PsemError`, or not at all. */
export async function fuzzNodeClient(random: Random, messages: number, alive: () => void = () => {}): Promise<FuzzFindings> {
  const outcomes = new Map<string, number>();
  const hostile = new HostileBytes(random);
  for (const { most } of lives(messages)) {
    const clock = new FakeClock();
    const client = openC1222Client(hostileMeter(hostile, random, clock), clock, random, {
      called: apTitle(".1"), calling: apTitle(".2"), security: { mode: hostile.happens(0.5) ? 1 : 2, keys }, timeout, attempts: 2,
    });
    for (let call = 0; call < most; call++) {
      count(outcomes, await outcomeOf(drawnCall(hostile, client), clock));
      if (call % aliveEvery === 0) alive();
    }
    client.close();
    if (clock.untilNext !== undefined) throw new Error("a closed client left a timer behind");
  }
  return { messages, outcomes };
}

async function outcomeOf(call: Promise<unknown>, clock: FakeClock): Promise<string> {
  const end: { outcome?: string } = {};
  call.then(
    () => (end.outcome = "value"),
    (error: unknown) => (end.outcome = error instanceof PsemError ? error.code : `not ours: ${String(error)}`),
  );
  await settling(end);
  for (let attempt = 0; attempt < 4 && end.outcome === undefined; attempt++) {
    clock.advance(timeout);
    await settling(end);
  }
  const { outcome } = end;
  if (outcome === undefined || outcome.startsWith("not ours")) throw new Error(outcome ?? "a call never ended");
  return outcome;
}

/** Lets happen what needs no time. */
async function settling(end: { readonly outcome?: string }): Promise<void> {
  for (let turn = 0; turn < 20 && end.outcome === undefined; turn++) await Promise.resolve();
}

function drawnCall(hostile: HostileBytes, client: C1222Client): Promise<unknown> {
  switch (hostile.below(11)) {
    case 0:
      return client.identify();
    case 1:
      return client.logon(1, "x");
    case 2:
      return client.writeTable(3, Uint8Array.of(1, 2));
    case 3:
      return client.readOffset(3, 0, 1 + hostile.below(40));
    case 4:
      return client.resolve(apTitle(".3"));
    case 5:
      return client.trace([apTitle(".3")]);
    case 6:
      return Promise.all([client.readTable(1), client.readTable(2)]);
    case 7:
      return client.terminate();
    case 8:
      return client.security("x");
    case 9:
      return client.register({ nodeType: 0x20, connectionType: 0x40, deviceClass: Uint8Array.of(1, 2, 3, 4), title: apTitle(".2"), serialNumber: apTitle("1.3.6.1"), nativeAddress: Uint8Array.of(127, 0, 0, 1), period: 60 });
    default:
      return client.readTable(3);
  }
}

function hostileMeter(hostile: HostileBytes, random: Random, clock: FakeClock): ApduCarrier {
  let listener: ApduListener | undefined;
  const maker = new MessageMaker(clock, random);
  const peer: ApduPath = {
    name: "meter",
    send: (request) => {
      const { apdu } = decodeApdu(request);
      for (let answers = hostile.below(3); answers >= 0; answers--) {
        if (hostile.happens(0.9)) listener?.received(hostile.happens(0.1) ? hostile.bytes(90) : answered(hostile, maker, apdu), peer);
      }
    },
  };
  return { lossy: true, peer, close: () => {}, listen: (own) => (listener = own) };
}

function answered(hostile: HostileBytes, maker: MessageMaker, request: Apdu): Uint8Array {
  const { invocation, iv } = maker.next();
  const message = sealApdu(
    {
      header: {
        called: request.calling,
        calledInvocation: hostile.happens(0.9) ? request.callingInvocation : hostile.happens(0.5) ? undefined : invocation,
        calling: request.called,
        callingInvocation: hostile.happens(0.9) ? invocation : request.callingInvocation,
      },
      control: { mode: hostile.happens(0.1) ? 0 : hostile.happens(0.5) ? 1 : 2, response: "always", edClassIncluded: false, proxyUsed: false, recovery: false },
      payload: { services: Array.from({ length: hostile.happens(0.8) ? 1 : hostile.below(4) }, () => hostile.answer()).filter((answer) => answer.length > 0) },
      use: { keyId: 1, iv },
    },
    { keys: hostile.happens(0.9) ? keys : wrongKeys, base: networkContext, now: 0 },
  );
  return hostile.happens(0.1) ? hostile.damaged(message) : message;
}
