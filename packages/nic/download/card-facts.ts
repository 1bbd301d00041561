import { NicError } from "../nic-error.ts";

const longestText = 1000;

/** A card's answer in JSON, of which nothing is believed: each fact is asked for by its path and kind. All throw `board-unreadable` where it is not there as such. */
export class CardFacts {
  readonly #root: unknown;

  private constructor(root: unknown) {
    this.#root = root;
  }

  static of(body: Uint8Array): CardFacts {
    try {
      return new CardFacts(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
    } catch (error) {
      throw new NicError("board-unreadable", "The card's answer is no JSON.", {}, error);
    }
  }

  has(path: string): boolean {
    return this.#at(path) !== undefined;
  }

  text(path: string): string {
    const value = this.#at(path);
    return typeof value === "string" && value.length <= longestText ? value : this.#wrong(path, "a text");
  }

  number(path: string): number {
    const value = this.#at(path);
    return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : this.#wrong(path, "a whole number");
  }

  flag(path: string): boolean {
    const value = this.#at(path);
    return typeof value === "boolean" ? value : this.#wrong(path, "true or false");
  }

  oneOf<Choice extends string>(path: string, choices: readonly Choice[]): Choice {
    const value = this.#at(path);
    return choices.find((one) => one === value) ?? this.#wrong(path, choices.join(", "));
  }

  /** Whole numbers from 0 to `most`. */
  numbers(path: string, most: number): readonly number[] {
    const value = this.#at(path);
    if (Array.isArray(value) && value.length <= most + 1 && value.every((one: unknown) => typeof one === "number" && Number.isInteger(one) && one >= 0 && one <= most)) return value as number[];
    return this.#wrong(path, `numbers from 0 to ${most}`);
  }

  #at(path: string): unknown {
    let value = this.#root;
    for (const name of path.split(".")) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Readonly<Record<string, unknown>>)[name];
    }
    return value;
  }

  #wrong(path: string, expected: string): never {
    throw new NicError("board-unreadable", `The card's answer has no ${path} as expected: ${expected}.`, { field: path });
  }
}
