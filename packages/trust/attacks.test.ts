import { FakeClock } from "@metersmith/base/clock";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeSignedFile, encodeSignedFile, readLibrary, revocation, changeKeys, usability, withSignatures, type Remote, type Signer } from "./index.ts";
import { encodeJson } from "./metadata/canonical-json.ts";
import { ClientUnderTest, online, program, remoteOf, RepositoryUnderTest, signers } from "./testing/repository-under-test.ts";
import { forged, forgedOnline, type Members } from "./testing/forging.ts";
import { testKey } from "./testing/keys.ts";

const day = 86_400_000;

let untouched: RepositoryUnderTest;
beforeAll(async () => {
  untouched = await RepositoryUnderTest.make();
  await untouched.publish([program("a"), program("b")]);
});

/** A repository with two programs, for one test. */
function published(): RepositoryUnderTest {
  return untouched.copy();
}

/** A client that is up to date. */
async function follower(repository: RepositoryUnderTest): Promise<ClientUnderTest> {
  const client = await ClientUnderTest.begin(repository);
  await client.sync();
  return client;
}

const refusal = (client: ClientUnderTest, remote: Remote): Promise<unknown> => client.sync({ remote }).then(() => "taken", (error: { code: string }) => error.code);
const paths = async (client: ClientUnderTest): Promise<string[]> => [...((await readLibrary(client.store))?.targets.keys() ?? [])];
const binOfA = async (client: ClientUnderTest): Promise<string> => {
  const current = await client.store.current();
  for (const bin of ["north-0", "north-1"]) if ((await client.store.role(current?.snapshot.versions.get(bin) ?? 0, bin))?.targets.has("programs/north/a")) return `${current?.snapshot.versions.get(bin)}.${bin}`;
  throw new Error("a lies in no bin");
};

describe("[MFG-3] attacks, each refused with its reason, and the client keeps what it had", () => {
  test("rollback: an older timestamp, and an older snapshot or role under a newer one", async () => {
    const repository = published();
    const client = await follower(repository);
    const old = repository.copy();
    await repository.publish([program("a", "newer")]);
    await client.sync();
    expect(await refusal(client, old.remote())).toBe("rolled-back");
    const back = await forgedOnline(new Map(repository.blobs.blobs), { "north-0": 1, "north-1": 1 });
    expect(await refusal(client, remoteOf(back))).toBe("rolled-back");
    expect(await paths(client)).toHaveLength(2);
  });

  test("rollback also while the newer state has not arrived: what was verified once binds", async () => {
    const repository = published();
    const client = await follower(repository);
    const old = repository.copy();
    await repository.publish([program("c")]);
    const withoutContent = new Map([...repository.blobs.blobs].filter(([name]) => !name.startsWith("public/targets/")));
    expect(await refusal(client, remoteOf(withoutContent))).toBe("absent");
    expect(await refusal(client, old.remote())).toBe("rolled-back");
    expect(await refusal(client, repository.remote())).toBe("taken");
  });

  test("freeze: the same old state for ever ends with the timestamp's time", async () => {
    const repository = published();
    const client = await follower(repository);
    repository.clock.advance(1.9 * day);
    expect(await refusal(client, repository.remote())).toBe("taken");
    repository.clock.advance(0.2 * day);
    expect(await refusal(client, repository.remote())).toBe("expired");
    expect(usability(await readLibrary(client.store), repository.now)).toMatchObject({ currency: "stale", may: ["install-program", "compare-program"] });
  });

  test("mix and match: roles of different states together", async () => {
    const repository = published();
    const old = repository.copy();
    await repository.publish([program("a", "newer"), program("b", "newer")]);
    const client = await ClientUnderTest.begin(repository);
    const mixed = new Map(repository.blobs.blobs);
    const versions = (decodeSignedFile(repository.public("metadata/3.snapshot.json"), "", 1e6).signed as { meta: Record<string, { version: number }> }).meta;
    const oldVersions = (decodeSignedFile(old.public("metadata/2.snapshot.json"), "", 1e6).signed as { meta: Record<string, { version: number }> }).meta;
    for (const bin of ["north-0", "north-1"]) {
      const [now, before] = [versions[`${bin}.json`]?.version ?? 0, oldVersions[`${bin}.json`]?.version ?? 0];
      if (now !== before) mixed.set(`public/metadata/${now}.${bin}.json`, old.public(`metadata/${before}.${bin}.json`));
    }
    expect(await refusal(client, remoteOf(mixed))).toBe("not-consistent");
    mixed.set("public/metadata/3.snapshot.json", old.public("metadata/2.snapshot.json"));
    expect(await refusal(client, remoteOf(mixed))).toBe("not-consistent");
  });

  test("wrong delegate: a bin speaks for another owner's path, or for one of another bin", async () => {
    const repository = published();
    const client = await follower(repository);
    const name = await binOfA(client);
    const [version, bin = ""] = name.split(".");
    const next = Number(version) + 1;
    const speak = async (path: string, by: Signer): Promise<Map<string, Uint8Array>> => {
      const blobs = await forged(repository, `metadata/${name}.json`, (signed) => {
        signed["version"] = next;
        signed["targets"] = { ...(signed["targets"] as Members), [path]: { length: 1, hashes: { sha256: "00".repeat(32) } } };
      }, by);
      blobs.set(`public/metadata/${next}.${bin}.json`, blobs.get(`public/metadata/${name}.json`) ?? new Uint8Array(0));
      return forgedOnline(blobs, { [bin]: next });
    };
    expect(await refusal(client, remoteOf(await speak("programs/south/x", signers.northBins)))).toBe("not-delegated");
    expect(await refusal(client, remoteOf(await speak("firmware/rx/x", signers.northBins)))).toBe("not-delegated");
    const inOther = Array.from({ length: 6 }, (_, at) => `programs/north/p${at}`);
    const codes = new Set<unknown>();
    for (const path of inOther) codes.add(await refusal(await ClientUnderTest.begin(repository), remoteOf(await speak(path, signers.northBins))));
    // Those that lie in this bin are let through to the content, which is not there.
    expect(codes).toEqual(new Set(["not-delegated", "absent"]));
    // And by a key of another delegation not even that.
    expect(await refusal(client, remoteOf(await speak("programs/north/a", signers.rxBins)))).toBe("not-enough-signatures");
  });

  test("key compromise below the threshold: one of root's keys changes nothing", async () => {
    const repository = published();
    const client = await follower(repository);
    const thief = testKey(66);
    const root = structuredClone(decodeSignedFile(repository.firstRoot(), "", 1e6).signed) as Members & { roles: Members; keys: Members };
    root["version"] = 2;
    root.keys[thief.key.id] = { keytype: "ed25519", scheme: "ed25519", keyval: { public: Buffer.from(thief.key.octets).toString("hex") } };
    root.roles["timestamp"] = { keyids: [thief.key.id], threshold: 1 };
    const blobs = new Map(repository.blobs.blobs);
    const put = async (...by: readonly Signer[]): Promise<unknown> => {
      blobs.set("public/metadata/2.root.json", encodeSignedFile(await withSignatures({ signed: root, signatures: new Map() }, by)));
      return refusal(client, remoteOf(blobs));
    };
    expect(await put(signers.root[0])).toBe("not-enough-signatures");
    expect(await put(signers.root[0], thief)).toBe("not-enough-signatures");
    expect(await put(thief, signers.targets, signers.snapshot)).toBe("not-enough-signatures");
    expect((await client.store.root()).version).toBe(1);
  });

  test("duplicate keys and signatures count once", async () => {
    const repository = published();
    const client = await follower(repository);
    const root = structuredClone(decodeSignedFile(repository.firstRoot(), "", 1e6).signed) as Members & { roles: Members; keys: Members };
    root["version"] = 2;
    const { signatures } = await withSignatures({ signed: root, signatures: new Map() }, [signers.root[0]]);
    const [[keyid, sig] = ["", new Uint8Array(0)]] = signatures;
    const one = { keyid, sig: Buffer.from(sig).toString("hex") };
    const blobs = new Map(repository.blobs.blobs);
    blobs.set("public/metadata/2.root.json", encodeJson({ signed: root, signatures: [one, one] }));
    expect(await refusal(client, remoteOf(blobs))).toBe("bad-metadata");
    // The same key under a second id.
    const again = { ...root, keys: { ...root.keys, ["0".repeat(64)]: root.keys[keyid] ?? null }, roles: { ...root.roles, root: { keyids: [keyid, "0".repeat(64)], threshold: 2 } } };
    const twice = await withSignatures({ signed: again, signatures: new Map() }, [signers.root[0], signers.root[1]]);
    blobs.set("public/metadata/2.root.json", encodeSignedFile({ signed: again, signatures: new Map([...twice.signatures, ["0".repeat(64), sig]]) }));
    expect(await refusal(client, remoteOf(blobs))).toBe("bad-metadata");
    // One id twice in a role.
    const listedTwice = { ...root, roles: { ...root.roles, root: { keyids: [keyid, keyid], threshold: 2 } } };
    blobs.set("public/metadata/2.root.json", encodeSignedFile(await withSignatures({ signed: listedTwice, signatures: new Map() }, signers.root)));
    expect(await refusal(client, remoteOf(blobs))).toBe("bad-metadata");
    // A member of JSON that stands there twice: whoever reads the first and whoever reads the last would differ.
    const text = new TextDecoder().decode(repository.public("metadata/timestamp.json"));
    blobs.delete("public/metadata/2.root.json");
    blobs.set("public/metadata/timestamp.json", new TextEncoder().encode(text.replace('"version":2}', '"version":2,"version":3}')));
    expect(await refusal(client, remoteOf(blobs))).toBe("bad-metadata");
  });

  test("unknown fields: within what is signed they are signed with the rest and mean nothing; outside they are refused", async () => {
    const repository = published();
    const more = await forged(repository, "metadata/timestamp.json", (signed) => void (signed["x-later"] = { a: [1] }), signers.timestamp);
    expect(await refusal(await ClientUnderTest.begin(repository), remoteOf(more))).toBe("taken");
    const unsigned = await forged(repository, "metadata/timestamp.json", (signed) => void (signed["x-later"] = 1));
    expect(await refusal(await ClientUnderTest.begin(repository), remoteOf(unsigned))).toBe("not-enough-signatures");
    const blobs = new Map(repository.blobs.blobs);
    const text = new TextDecoder().decode(repository.public("metadata/timestamp.json"));
    blobs.set("public/metadata/timestamp.json", new TextEncoder().encode(`${text.slice(0, -1)},"x-later":1}`));
    expect(await refusal(await ClientUnderTest.begin(repository), remoteOf(blobs))).toBe("bad-metadata");
  });

  test("endless data: nobody is read past what was announced or is allowed", async () => {
    const repository = published();
    let sent = 0;
    const endless = (which: RegExp): Remote => ({
      async open(path, from, signal) {
        if (!which.test(path)) return repository.remote().open(path, from, signal);
        async function* chunks(): AsyncGenerator<Uint8Array> {
          for (;;) {
            sent += 65_536;
            yield new Uint8Array(65_536).fill(0x20);
          }
        }
        return { found: true, from: 0, chunks: chunks() };
      },
    });
    for (const [which, most] of [[/2\.root/, 512_000], [/timestamp/, 16_384], [/snapshot/, 2_000_000], [/\.targets/, 5_000_000], [/north-/, 5_000_000], [/^targets/, 1]] as const) {
      sent = 0;
      expect(await refusal(await ClientUnderTest.begin(repository), endless(which)), String(which)).toBe("too-large");
      expect(sent, String(which)).toBeLessThanOrEqual(2 * (most + 2 * 65_536));
    }
  });

  test("slow retrieval: a link that drips is given up, and so is one that says nothing", async () => {
    const repository = published();
    const silent: Remote = { open: () => new Promise(() => {}) };
    const waiting = ClientUnderTest.begin(repository).then((client) => refusal(client, silent));
    await tick(repository.clock, 20_000);
    expect(await waiting).toBe("too-slow");
    const dripping: Remote = {
      async open(path, from, signal) {
        if (!path.includes("timestamp")) return repository.remote().open(path, from, signal);
        async function* chunks(): AsyncGenerator<Uint8Array> {
          for (const octet of repository.public(path)) {
            await new Promise<void>((resolve) => void repository.clock.after(1000, resolve));
            yield Uint8Array.of(octet);
          }
        }
        return { found: true, from: 0, chunks: chunks() };
      },
    };
    const dripped = ClientUnderTest.begin(repository).then((client) => refusal(client, dripping));
    for (let second = 0; second < 21; second++) await tick(repository.clock, 1000);
    expect(await dripped).toBe("too-slow");
  });

  test("empty list of targets: a thief of online keys does not empty every tool; a person can say that it is meant", async () => {
    const repository = published();
    const client = await follower(repository);
    await repository.publish([], { remove: ["programs/north/a", "programs/north/b"] });
    expect(await refusal(client, repository.remote())).toBe("emptied");
    expect(await paths(client)).toHaveLength(2);
    expect(await client.sync({ mayEmpty: true })).toMatchObject({ state: "updated", removed: ["programs/north/a", "programs/north/b"] });
    expect(await paths(client)).toEqual([]);
  });

  test("arbitrary installs: content that is not the target, of the same length, and metadata by a stranger", async () => {
    const repository = published();
    const blobs = new Map(repository.blobs.blobs);
    for (const name of blobs.keys()) if (name.startsWith("public/targets/")) blobs.set(name, Uint8Array.of(0x7a));
    expect(await refusal(await ClientUnderTest.begin(repository), remoteOf(blobs))).toBe("bad-target");
    const stranger = await forged(repository, "metadata/timestamp.json", () => {}, testKey(77));
    expect(await refusal(await ClientUnderTest.begin(repository), remoteOf(stranger))).toBe("not-enough-signatures");
  });

  test("client offline for months: it comes back over several roots, and is told meanwhile what it may do", async () => {
    const repository = published();
    const client = await follower(repository);
    for (const [at, out] of [signers.timestamp, testKey(30)].entries()) {
      repository.clock.advance(60 * day);
      const into = testKey(30 + at);
      await changeKeys(repository.blobs, revocation(out.key.id, into.key), repository.now);
      await repository.signStaged("root", ...signers.root.slice(1));
      await repository.publish([program(`later-${at}`)], { signers: [...online, testKey(30), testKey(31)], refreshBefore: repository.now + 100 * 86_400 });
    }
    expect(usability(await readLibrary(client.store), repository.now)).toMatchObject({ currency: "old", may: ["compare-program"] });
    expect(await client.sync()).toMatchObject({ state: "updated" });
    expect((await client.store.root()).version).toBe(3);
    expect(await paths(client)).toHaveLength(4);
    expect(usability(await readLibrary(client.store), repository.now).currency).toBe("current");
  });

  test("fast-forward: versions that a thief drove up are forgotten with the keys that he had", async () => {
    const repository = published();
    const client = await follower(repository);
    const far = 2_000_000_000;
    const driven = await forged(repository, "metadata/timestamp.json", (signed) => void (signed["version"] = far), signers.timestamp);
    expect(await refusal(client, remoteOf(driven))).toBe("taken");
    await repository.publish([program("c")]);
    expect(await refusal(client, repository.remote())).toBe("rolled-back");
    await changeKeys(repository.blobs, revocation(signers.timestamp.key.id, testKey(40).key), repository.now);
    await repository.signStaged("root", ...signers.root.slice(0, 2));
    await repository.publish([], { signers: [...online, testKey(40)] });
    expect(await refusal(client, repository.remote())).toBe("taken");
    expect(await paths(client)).toHaveLength(3);
  });

  test("a clock that was moved back hides no expiry", async () => {
    const repository = published();
    const client = await follower(repository);
    const past = new FakeClock(repository.clock.now() - day);
    await expect(client.sync({ clock: past })).rejects.toMatchObject({ code: "clock" });
    expect(usability(await readLibrary(client.store), past.now() / 1000)).toMatchObject({ currency: "unusable", may: [] });
  });
});

/** Lets what waits for promises go on, then moves the time. */
async function tick(clock: FakeClock, milliseconds: number): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
  clock.advance(milliseconds);
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}
