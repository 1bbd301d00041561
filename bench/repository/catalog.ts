import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { digestOf } from "@metersmith/base/digest";
import { publicKeyOf, sign } from "@metersmith/base/ed25519";
import { seededRandom } from "@metersmith/base/random";
import { FolderStore } from "@metersmith/node/folder-store";
import { decodeSignedFile, delegate, descriptionJson, encodeSignedFile, initRepository, publicKey, publish, usualLifetimes, withSignatures, type NewTarget, type Publication, type Signer } from "@metersmith/trust";

/** Octets of a program: the signed image of examples/tariffs/aps-et-2-tou.json for rx-2s has so many. Here they are random, so nothing compresses. */
export const programOctets = 1_654;
const owners = ["north", "south", "east", "west"] as const;
const bits = 8;

function key(number: number): Signer {
  const secret = new Uint8Array(32).fill(number);
  return { key: publicKey(publicKeyOf(secret)), sign: (message) => sign(message, secret) };
}

const [offline, online] = [key(1), key(2)];
const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];

async function siblings(octets: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const [br, gz] = await Promise.all([brotli(octets, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }), zip(octets, { level: 9 })]);
  return new Map([[".br", new Uint8Array(br)], [".gz", new Uint8Array(gz)]]);
}

/** A repository on the disk with programs of four utilities, each in 256 bins. */
export class Catalog {
  readonly folder: string;
  readonly #store: FolderStore;
  readonly #random = seededRandom(20_261_125);

  private constructor(folder: string) {
    this.folder = folder;
    this.#store = new FolderStore(folder);
  }

  static async make(programs: number): Promise<Catalog> {
    const catalog = new Catalog(await mkdtemp(join(tmpdir(), "metersmith-catalog-")));
    await catalog.#begin();
    for (let at = 0; at < programs; at += 1000) await catalog.publish(Array.from({ length: Math.min(1000, programs - at) }, (_, one) => at + one));
    return catalog;
  }

  get now(): number {
    return Math.floor(Date.now() / 1000);
  }

  async root(): Promise<Uint8Array> {
    return new Uint8Array(await readFile(join(this.folder, "public/metadata/1.root.json")));
  }

  /** New content for the programs of these numbers. */
  publish(numbers: readonly number[]): Promise<Publication> {
    return publish(this.#store, { add: this.programs(numbers), remove: [], signers: [online], now: this.now, siblings });
  }

  programs(numbers: readonly number[]): readonly NewTarget[] {
    return numbers.map((number) => {
      const content = this.#random.bytes(programOctets);
      const path = `programs/${owners[number % owners.length]}/TOU-${String(number).padStart(5, "0")}.image`;
      return { path, content, length: content.length, digest: digestOf(content), custom: descriptionJson({ deviceType: "rx-2s", counter: 1 + (number % 40) }) };
    });
  }

  async #begin(): Promise<void> {
    const [far, near] = [{ keys: [offline.key], threshold: 1 }, { keys: [online.key], threshold: 1 }];
    await initRepository(this.#store, { kind: "images", days: usualLifetimes }, { root: far, targets: far, snapshot: near, timestamp: near }, this.now);
    for (const name of owners) await delegate(this.#store, { name, paths: [`programs/${name}/*`], role: far, bins: near, bits }, this.now);
    for (const role of ["root", "targets", ...owners]) {
      const name = `staged/${role}.json`;
      const file = decodeSignedFile((await this.#store.read(name)) ?? new Uint8Array(0), name, 1e6);
      await this.#store.write(new Map([[name, encodeSignedFile(await withSignatures(file, [offline]))]]));
    }
    await publish(this.#store, { add: [], remove: [], signers: [online], now: this.now, siblings });
  }
}
