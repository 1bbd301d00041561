import { concatBytes } from "./bytes.ts";

/**
 * Named octets that last. Names are parts joined by `/`, each of letters, digits, `.`, `_` and `-`, none beginning with a dot.
 * Whatever a crash interrupts leaves each blob as it was or as it was to be, except `append`, which may leave a part of what it was given.
 */
export interface BlobStore {
  /** Undefined where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Octets of the blob; undefined where there is none. */
  size(name: string): Promise<number | undefined>;
  /** Makes or replaces, in no order. All are on the medium once it resolves. */
  write(blobs: ReadonlyMap<string, Uint8Array>): Promise<void>;
  append(name: string, octets: Uint8Array): Promise<void>;
  /** Replaces what has the new name. */
  move(name: string, to: string): Promise<void>;
  /** Those that are not there are passed over. */
  remove(names: readonly string[]): Promise<void>;
  /** Names right below a folder, without the folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** What a store in memory throws once its power is cut. */
export class PowerCut extends Error {}

/**
 * A store in memory that counts what changes it and can be cut at any of those: before it, or within, when some of several blobs are written and others
 * not, or half of an addition. Its octets outlive the cut.
 */
export class MemoryBlobs implements BlobStore {
  readonly blobs: Map<string, Uint8Array>;
  /** Changes so far; a write of several blobs has one for each. */
  changes = 0;
  #cutAt: number;

  constructor(blobs: ReadonlyMap<string, Uint8Array> = new Map(), cutAt = Number.POSITIVE_INFINITY) {
    this.blobs = new Map(blobs);
    this.#cutAt = cutAt;
  }

  /** The same octets after the power came back. */
  restarted(cutAt?: number): MemoryBlobs {
    return new MemoryBlobs(this.blobs, cutAt);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    this.#powered();
    return this.blobs.get(name)?.slice();
  }

  async size(name: string): Promise<number | undefined> {
    this.#powered();
    return this.blobs.get(name)?.length;
  }

  async write(blobs: ReadonlyMap<string, Uint8Array>): Promise<void> {
    // In an order of its own, so that nobody relies upon theirs.
    for (const [name, octets] of [...blobs].sort(([a], [b]) => (a < b ? 1 : -1))) {
      this.#step();
      this.blobs.set(name, octets.slice());
    }
  }

  async append(name: string, octets: Uint8Array): Promise<void> {
    const before = this.blobs.get(name) ?? new Uint8Array(0);
    const after = (count: number): Uint8Array => concatBytes(before, octets.subarray(0, count));
    if (this.changes + 1 === this.#cutAt) this.blobs.set(name, after(octets.length >> 1));
    this.#step();
    this.blobs.set(name, after(octets.length));
  }

  async move(name: string, to: string): Promise<void> {
    this.#step();
    const octets = this.blobs.get(name);
    if (!octets) throw new Error(`there is no blob ${name}`);
    this.blobs.delete(name);
    this.blobs.set(to, octets);
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.#step();
      this.blobs.delete(name);
    }
  }

  async list(folder: string): Promise<readonly string[]> {
    this.#powered();
    const start = folder === "" ? "" : `${folder}/`;
    const found = [...this.blobs.keys()].filter((name) => name.startsWith(start)).map((name) => name.slice(start.length).split("/")[0] ?? "");
    return [...new Set(found)].sort();
  }

  #step(): void {
    this.#powered();
    this.changes++;
    this.#powered();
  }

  #powered(): void {
    if (this.changes >= this.#cutAt) throw new PowerCut("the power is cut");
  }
}
