import { seededRandom } from "@metersmith/base/random";
import { decodeApdu } from "../c1222/apdu/decode-apdu.ts";
import type { ApTitle } from "../c1222/apdu/ap-title.ts";
import { networkContext } from "../c1222/ber/object-identifier.ts";
import type { ApduListener, ApduPath } from "../c1222/carrier/apdu-carrier.ts";
import type { ResponseControl, SecurityMode } from "../c1222/epsem/epsem.ts";
import { encodeSecurity } from "../c1222/epsem/session-services.ts";
import { KeyRing } from "../c1222/security/key-ring.ts";
import { MessageMaker } from "../c1222/security/message-maker.ts";
import { sealApdu } from "../c1222/security/protection.ts";
import { encodeRequest } from "../services/encode-request.ts";
import { c1222Pair, headTitle, meterTitle, someKey } from "./c1222-pair.ts";

export const password = new TextEncoder().encode("secret".padEnd(20));
export const write = encodeRequest({ service: "write", table: 2049, bytes: Uint8Array.of(0xbb, 0xbb, 0xbb) });
export const read = encodeRequest({ service: "read", table: 2049 });
export const whole = [encodeSecurity({ password, userId: 1 }), write];

/** Table 2049 before and after `write`. */
export const untouched = Uint8Array.of(1, 2, 3);
export const written = Uint8Array.of(0xbb, 0xbb, 0xbb);

export interface Making {
  readonly mode?: SecurityMode;
  readonly key?: Uint8Array;
  readonly id?: number;
  readonly response?: ResponseControl;
  /** Null calls nobody by name. */
  readonly called?: ApTitle | null;
  /** Null says nothing of the sender. */
  readonly calling?: ApTitle | null;
}

/** A node alone, whom a test sends what it likes. */
export function attacked(options: Parameters<typeof c1222Pair>[0] = {}) {
  const pair = c1222Pair(options);
  const sent: Uint8Array[] = [];
  let listener: ApduListener | undefined;
  pair.server.attach({ lossy: true, peer: undefined, close: () => {}, listen: (own) => (listener = own) });
  let group: ApduListener | undefined;
  pair.server.attachGroup({ lossy: true, peer: undefined, close: () => {}, listen: (own) => (group = own) });
  const back = (name: string): ApduPath => ({ name, send: (apdu) => sent.push(apdu) });
  const maker = new MessageMaker(pair.clock, seededRandom(99));
  const made = (services: readonly Uint8Array[], how: Making = {}): Uint8Array => {
    const { mode = 2, key = someKey, id = 1, response = "always", called = meterTitle, calling = headTitle } = how;
    const { invocation, iv } = maker.next();
    return sealApdu(
      {
        header: { called: called ?? undefined, calling: calling ?? undefined, callingInvocation: invocation },
        control: { mode, response, edClassIncluded: false, proxyUsed: false, recovery: false },
        payload: { services },
        use: { keyId: id, iv },
      },
      { keys: new KeyRing([{ id, key }]), base: networkContext, now: pair.clock.now() },
    );
  };
  const send = (bytes: Uint8Array, from = "attacker"): void => listener?.received(bytes, back(from));
  const sendToGroup = (bytes: Uint8Array): void => group?.received(bytes, back("somebody"));
  const codes = (): readonly (number | undefined)[] => sent.map((bytes) => decodeApdu(bytes).apdu.content.at(2));
  return { ...pair, sent, send, sendToGroup, made, codes };
}
