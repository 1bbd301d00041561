import { MemoryBlobs } from "@metersmith/base/blob-store";
import { FakeClock } from "@metersmith/base/clock";
import { digestOf } from "@metersmith/base/digest";
import {
  decodeSignedFile, delegate, descriptionJson, encodeSignedFile, initRepository, publish, synchronize, TrustedStore, usualLifetimes, withSignatures,
  type NewTarget, type Publication, type Remote, type RepositoryKind, type Signer, type SyncOptions, type SyncOutcome,
} from "../index.ts";
import type { PublicationDraft } from "../repository/publication.ts";
import { testKey } from "./keys.ts";

/** Who signs in the tests. Root has a threshold of two of three; all others of one. */
export const signers = {
  root: [testKey(1), testKey(2), testKey(3)],
  targets: testKey(4),
  snapshot: testKey(5),
  timestamp: testKey(6),
  north: testKey(7),
  northBins: testKey(8),
  rx: testKey(9),
  rxBins: testKey(10),
} as const;

export const online: readonly Signer[] = [signers.snapshot, signers.timestamp, signers.northBins, signers.rxBins];
export const begin = Date.UTC(2026, 10, 25);

/** A repository in memory: utility north's programs in two bins, family rx's firmware in two more. */
export class RepositoryUnderTest {
  blobs = new MemoryBlobs();
  readonly clock = new FakeClock(begin);

  static async make(kind: RepositoryKind = "images", bits = 1): Promise<RepositoryUnderTest> {
    const made = new RepositoryUnderTest();
    const one = (signer: Signer) => ({ keys: [signer.key], threshold: 1 });
    await initRepository(
      made.blobs, { kind, days: usualLifetimes },
      { root: { keys: signers.root.map(({ key }) => key), threshold: 2 }, targets: one(signers.targets), snapshot: one(signers.snapshot), timestamp: one(signers.timestamp) }, made.now,
    );
    await delegate(made.blobs, { name: "north", paths: ["programs/north/*"], role: one(signers.north), bins: one(signers.northBins), bits }, made.now);
    await delegate(made.blobs, { name: "rx", paths: ["firmware/rx/*", "device-types/rx/*"], role: one(signers.rx), bins: one(signers.rxBins), bits }, made.now);
    await made.signStaged("root", ...signers.root.slice(0, 2));
    await made.signStaged("targets", signers.targets);
    await made.signStaged("north", signers.north);
    await made.signStaged("rx", signers.rx);
    await made.publish([]);
    return made;
  }

  /** Seconds since 1970. */
  get now(): number {
    return this.clock.now() / 1000;
  }

  async signStaged(role: string, ...by: readonly Signer[]): Promise<void> {
    const name = `staged/${role}.json`;
    const file = decodeSignedFile(this.blobs.blobs.get(name) ?? new Uint8Array(0), name, 1e6);
    await this.blobs.write(new Map([[name, encodeSignedFile(await withSignatures(file, by))]]));
  }

  publish(add: readonly NewTarget[], more: Partial<PublicationDraft> = {}): Promise<Publication> {
    return publish(this.blobs, { add, remove: [], signers: online, now: this.now, ...more });
  }

  firstRoot(): Uint8Array {
    return this.public("metadata/1.root.json");
  }

  public(path: string): Uint8Array {
    const octets = this.blobs.blobs.get(`public/${path}`);
    if (!octets) throw new Error(`there is no ${path}`);
    return octets;
  }

  remote(): Remote {
    return remoteOf(this.blobs.blobs);
  }

  /** As it is now, whatever becomes of it. */
  copy(): RepositoryUnderTest {
    const copy = new RepositoryUnderTest();
    copy.blobs = this.blobs.restarted();
    copy.clock.advance(this.clock.now() - begin);
    return copy;
  }
}

/** What a repository's folder serves, with ranges. `seen` gets the path of each request. */
export function remoteOf(blobs: ReadonlyMap<string, Uint8Array>, seen: string[] = [], chunk = 65_536): Remote {
  return {
    async open(path, from) {
      seen.push(path);
      const octets = blobs.get(`public/${path}`);
      if (!octets) return { found: false };
      async function* chunks(rest: Uint8Array): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < rest.length; at += chunk) yield rest.slice(at, at + chunk);
      }
      return { found: true, from, chunks: chunks(octets.slice(from)) };
    },
  };
}

/** A client with a store of its own. */
export class ClientUnderTest {
  blobs = new MemoryBlobs();
  readonly repository: RepositoryUnderTest;

  private constructor(repository: RepositoryUnderTest) {
    this.repository = repository;
  }

  static async begin(repository: RepositoryUnderTest): Promise<ClientUnderTest> {
    const client = new ClientUnderTest(repository);
    await client.store.begin(repository.firstRoot());
    return client;
  }

  get store(): TrustedStore {
    return new TrustedStore(this.blobs);
  }

  sync(options: Partial<SyncOptions> = {}): Promise<SyncOutcome> {
    return synchronize({ remote: this.repository.remote(), store: this.store, clock: this.repository.clock, ...options });
  }
}

export function program(name: string, text = name, counter = 1): NewTarget {
  const content = new TextEncoder().encode(text);
  return { path: `programs/north/${name}`, content, length: content.length, digest: digestOf(content), custom: descriptionJson({ deviceType: "rx-2s", counter }) };
}
