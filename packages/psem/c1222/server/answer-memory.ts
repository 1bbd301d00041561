/** The answer last given to a sender, and the mark of the message that it answers. */
interface Given {
  readonly mark: string;
  readonly answer: Uint8Array | undefined;
}

/**
 * Lets a client that did not hear an answer ask with the same message again: it gets the answer once more, and nothing is done twice. The
 * last message of each sender is remembered, of the senders heard last.
 */
export class AnswerMemory {
  readonly #given = new Map<string, Given>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  remember(sender: string, mark: string, answer: Uint8Array | undefined): void {
    this.#given.delete(sender);
    this.#given.set(sender, { mark, answer });
    const [oldest] = this.#given.keys();
    if (this.#given.size > this.#most && oldest !== undefined) this.#given.delete(oldest);
  }

  /** What was given for this very message; undefined where it was not the sender's last. */
  find(sender: string, mark: string): Given | undefined {
    const given = this.#given.get(sender);
    return given?.mark === mark ? given : undefined;
  }
}
