/** One letter to one person, in plain text. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The post as a port. Resolves once it has the letter, which is not yet that it arrived. */
export interface Mail {
  send(letter: Letter): Promise<void>;
}

/** Keeps what it is given. */
export class RecordedMail implements Mail {
  readonly letters: Letter[] = [];
  #waiting: ((letter: Letter) => void)[] = [];

  async send(letter: Letter): Promise<void> {
    this.letters.push(letter);
    for (const take of this.#waiting.splice(0)) take(letter);
  }

  /** The first letter from now on. */
  next(): Promise<Letter> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
