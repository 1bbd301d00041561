import { refused } from "../trust-error.ts";
import type { Json } from "./canonical-json.ts";

/** The members of one JSON object, taken one by one. A name that comes from outside is never a property of an object of ours. */
export class Fields {
  readonly place: string;
  readonly #members: ReadonlyMap<string, Json>;

  private constructor(place: string, members: ReadonlyMap<string, Json>) {
    this.place = place;
    this.#members = members;
  }

  /** Throws `bad-metadata` where the value is no object. */
  static of(value: Json | undefined, place: string): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw refused("bad-metadata", place, "expected an object");
    return new Fields(place, new Map(Object.entries(value)));
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  names(): readonly string[] {
    return [...this.#members.keys()];
  }

  raw(name: string): Json {
    const value = this.#members.get(name);
    if (value === undefined) throw refused("bad-metadata", this.place, `${name} is missing`);
    return value;
  }

  object(name: string): Fields {
    return Fields.of(this.raw(name), `${this.place}: ${name}`);
  }

  /** Every member of an object, each an object itself. */
  objects(name: string, most: number): readonly (readonly [name: string, fields: Fields])[] {
    const inner = this.object(name);
    const names = inner.names();
    if (names.length > most) throw this.#wrong(name, `at most ${most} members`);
    return names.map((one) => [one, inner.object(one)]);
  }

  list(name: string, most: number): readonly Json[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) throw this.#wrong(name, "a list");
    if (value.length > most) throw this.#wrong(name, `at most ${most} items`);
    return value as readonly Json[];
  }

  text(name: string, form: RegExp): string {
    const value = this.raw(name);
    if (typeof value !== "string" || !form.test(value)) throw this.#wrong(name, `a text of the form ${form.source}`);
    return value;
  }

  texts(name: string, form: RegExp, most: number): readonly string[] {
    return this.list(name, most).map((one) => {
      if (typeof one !== "string" || !form.test(one)) throw this.#wrong(name, `texts of the form ${form.source}`);
      return one;
    });
  }

  /** A whole number, `least` or more. */
  whole(name: string, least: number): number {
    const value = this.raw(name);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least) throw this.#wrong(name, `a whole number from ${least} on`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.raw(name);
    if (typeof value !== "boolean") throw this.#wrong(name, "true or false");
    return value;
  }

  /** Refuses members beyond these: for places where nothing may be passed over. */
  only(names: readonly string[]): this {
    const more = this.names().find((name) => !names.includes(name));
    if (more !== undefined) throw refused("bad-metadata", this.place, `${more} is unknown here`);
    return this;
  }

  #wrong(name: string, expected: string): Error {
    return refused("bad-metadata", this.place, `${name}: expected ${expected}`);
  }
}
