import { aes128, aesBlockLength, type Aes128 } from "@metersmith/base/aes128";
import { fromHex } from "@metersmith/base/bytes";
import { FakeClock } from "@metersmith/base/clock";
import { seededRandom } from "@metersmith/base/random";
import { EaxPrime, KeyRing, apTitle, networkContext, openC1222Client, serveC1222, type ApduCarrier, type ApduListener, type ApduPath, type PsemDevice } from "@metersmith/psem";
import type { BenchMode, Measured } from "../bench.ts";
import { octetsInUse } from "../octets-in-use.ts";
import { paired } from "../paired.ts";

/** The canonical clear text of a message of usual size: that of the published test vector. */
const header = fromHex(
  "a211060f2b060104018285638e7f85f1c24e01a80602042bc81aa1ac0fa20da00ba10980010081044b97d2ccbe392837813588" +
    "a60906072b060104828563004b97d2cc",
);
const key = Uint8Array.from({ length: 16 }, (_, index) => 11 * index);

/** EAX' of a payload against the bare block operations that it needs, by the same AES. */
function eaxPrime(length: number, rounds: number): Measured {
  const aes = aes128(key);
  const payload = new Uint8Array(length).fill(0x5a);
  const eax = new EaxPrime(aes);
  const blocks = blocksOf(header, payload);
  const block = new Uint32Array(4);
  const bare = (): number => {
    for (let at = 0; at < blocks; at++) aes.encryptBlock(block);
    return block[0] ?? 0;
  };
  const { value, limit, ratio } = paired(() => eax.seal(header, payload).mac[0] ?? 0, bare, { rounds });
  return { figure: `psem.c1222.eax.seal@${length}B`, value, unit: "ns/op", limit, ratio, bound: "ratio >= 0.5" };
}

/** Counted, not computed: what a sealing asks of its AES. */
function blocksOf(clear: Uint8Array, payload: Uint8Array): number {
  let count = 0;
  const inner = aes128(key);
  const counting: Aes128 = { encryptBlock: (block) => (count++, inner.encryptBlock(block)) };
  const eax = new EaxPrime(counting);
  count = 0;
  eax.seal(clear, payload);
  const least = Math.ceil(clear.length / aesBlockLength) + 2 * Math.ceil(payload.length / aesBlockLength);
  if (count !== least) throw new Error(`EAX' took ${count} block operations; ${least} were expected`);
  return count;
}

/** A device that keeps nothing, so that memory is the sessions' alone. */
const device: PsemDevice = {
  identification: () => ({ standard: 3, version: 1, revision: 0, features: [] }),
  logon: () => "ok",
  security: () => "ok",
  read: () => new Uint8Array(100),
  readOffset: (_table, _offset, count) => new Uint8Array(count),
  write: () => "ok",
  writeOffset: () => "ok",
  logoff: () => "ok",
  terminated: () => {},
};

const sessions = 5000;

/** Sessions opened between two looks at the memory in use. */
const stage = 1000;

/**
 * What one more session takes: the median of the stages but the first, in which code is compiled and caches fill. Throws where the stages do not agree,
 * since then it is not sessions that were measured.
 */
function perSession(inUse: readonly number[]): number {
  const stages = inUse.slice(1).map((octets, index) => (octets - (inUse[index] ?? 0)) / stage).slice(1).toSorted((a, b) => a - b);
  const [least = 0, most = 0] = [stages[0], stages.at(-1)];
  const middle = (stages[(stages.length - 1) >> 1] ?? 0) / 2 + (stages[stages.length >> 1] ?? 0) / 2;
  if (most - least > middle / 2) throw new Error(`a session took ${stages.map(Math.round).join(", ")} octets in turn: that is no measure of it`);
  return middle;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Sessions open at a time in one process, mode 2, each with a logon, a password and reads of 100 octets; what the node keeps for one. */
async function manySessions(): Promise<readonly Measured[]> {
  const clock = new FakeClock();
  const listeners: { node?: ApduListener } = {};
  const keys = (): KeyRing => new KeyRing([{ id: 1, key }]);
  const node = serveC1222(clock, seededRandom(1), () => ({ ...device }), { title: apTitle(".1"), keys: keys(), sessions, longestIdle: 3600 });
  node.attach({ lossy: false, peer: undefined, close: () => {}, listen: (listener) => (listeners.node = listener) });
  const ring = keys();
  const reads = 4;
  const inUse: number[] = [];
  let messages = 0;
  const start = performance.now();
  let looking = 0;
  for (let index = 0; index < sessions; index++) {
    if (index % stage === 0) looking += timed(() => inUse.push(octetsInUse()));
    const client = openC1222Client(directTo(listeners, index), clock, seededRandom(index), {
      called: apTitle(".1"),
      calling: apTitle(`.2.${index}`),
      base: networkContext,
      security: { mode: 2, keys: ring },
      idleTimeout: 3600,
    });
    await Promise.all([client.logon(index & 0xffff, ""), client.security("x")]);
    for (let read = 0; read < reads; read++) await client.readTable(23);
    messages += 1 + reads;
  }
  const seconds = (performance.now() - start - looking) / 1000;
  if (node.sessions !== sessions) throw new Error(`${node.sessions} sessions are open; ${sessions} were expected`);
  inUse.push(octetsInUse());
  node.close();
  const plain = { limit: null, ratio: null, bound: null } as const;
  return [
    { figure: `psem.c1222.session.memory@${sessions}`, value: perSession(inUse), unit: "B", ...plain, bound: "value <= 8192" },
    { figure: `psem.c1222.exchange.mode2@${sessions}`, value: messages / seconds, unit: "exchanges/s", ...plain },
  ];
}

/** Both ends of a carrier without anything between them. */
function directTo(listeners: { readonly node?: ApduListener }, index: number): ApduCarrier {
  let mine: ApduListener | undefined;
  const back: ApduPath = { name: `client ${index}`, send: (apdu) => mine?.received(apdu, peer) };
  const peer: ApduPath = { name: "node", send: (apdu) => listeners.node?.received(apdu, back) };
  return { lossy: false, peer, close: () => {}, listen: (listener) => (mine = listener) };
}

/** The figures of C12.22: cryptography against its block operations, and many sessions in one process. */
export async function* c1222Figures(mode: BenchMode): AsyncGenerator<Measured> {
  const rounds = mode === "quick" ? 31 : 151;
  for (const length of [48, 256, 1024]) yield eaxPrime(length, rounds);
  yield* await manySessions();
}
