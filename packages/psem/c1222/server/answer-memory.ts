/** The answer last given to a sender, and the mark of the message that it answers. */
interface Given {
  readonly mark: string;
  readonly answer: Uint8Array | undefined;
  /** Where it was sent, where that can be forged; undefined where a connection proves it. */
  readonly to: string | undefined;
  again: number;
}

/**
 * How often one message is answered again. Ours: more than any client repeats itself, and few enough that somebody who recorded it cannot
 * keep a node sending.
 */
const mostRepeats = 32;

/**
 * Lets a client that did not hear an answer ask with the same message again: it gets the answer once more, and nothing is done twice. The
 * last message of each sender is remembered, of the senders heard last. Over datagrams the answer goes where it went the first time and
 * nowhere else: a recorded request under a forged address must not draw large answers to somebody who asked for none.
 */
export class AnswerMemory {
  readonly #given = new Map<string, Given>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  remember(sender: string, mark: string, answer: Uint8Array | undefined, to: string | undefined): void {
    this.#given.delete(sender);
    this.#given.set(sender, { mark, answer, to, again: 0 });
    const [oldest] = this.#given.keys();
    if (this.#given.size > this.#most && oldest !== undefined) this.#given.delete(oldest);
  }

  /** What was given for this very message; undefined where it was not the sender's last, comes from elsewhere, or came too often. */
  find(sender: string, mark: string, from: string | undefined): { readonly answer: Uint8Array | undefined } | undefined {
    const given = this.#given.get(sender);
    if (given?.mark !== mark || given.to !== from || given.again >= mostRepeats) return undefined;
    given.again += 1;
    return given;
  }
}
