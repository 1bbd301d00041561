import type { Clock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { namesOther, type ApTitle } from "../apdu/ap-title.ts";
import type { Apdu } from "../apdu/apdu.ts";
import { keysFor, type KeySource } from "../security/key-ring.ts";
import { MessageMaker } from "../security/message-maker.ts";
import { sealApdu, type KeyUse, type Opened } from "../security/protection.ts";

export interface SealerSettings {
  readonly title: ApTitle | undefined;
  readonly keys: KeySource | undefined;
  /** Content octets of the identifier that relative titles add to. */
  readonly base: Uint8Array;
}

/** Makes a node's answers: each a message of its own, protected as its request was. */
export class AnswerSealer {
  readonly #clock: Clock;
  readonly #maker: MessageMaker;
  readonly #settings: SealerSettings;

  constructor(clock: Clock, random: Random, settings: SealerSettings) {
    this.#clock = clock;
    this.#maker = new MessageMaker(clock, random);
    this.#settings = settings;
  }

  seal(request: Apdu, { control, use }: Pick<Opened, "use"> & { readonly control: Pick<Opened["control"], "mode"> }, services: readonly Uint8Array[]): Uint8Array {
    const { keys, base } = this.#settings;
    const { invocation, iv } = this.#maker.next();
    const answerUse: KeyUse | undefined = use && { keyId: use.keyId, iv };
    return sealApdu(
      {
        header: {
          context: request.context,
          called: request.calling,
          calledInvocation: request.callingInvocation,
          calling: this.#nameFor(request),
          callingInvocation: invocation,
          mechanism: request.mechanism,
        },
        control: { mode: control.mode, response: "always", edClassIncluded: false, proxyUsed: false, recovery: false },
        payload: { services },
        use: answerUse,
      },
      { keys: keysFor(keys, request.calling), base, now: this.#clock.now() },
    );
  }

  clear(request: Apdu, service: Uint8Array): Uint8Array {
    return this.seal(request, { control: { mode: 0 } }, [service]);
  }

  /** As the request called it, absolute or relative: an open client compares the two octet by octet. */
  #nameFor({ called }: Apdu): ApTitle | undefined {
    const { title, base } = this.#settings;
    return called && !namesOther(called, title, base) ? called : title;
  }
}
