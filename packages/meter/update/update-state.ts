import { concatBytes } from "@metersmith/base/bytes";
import type { EpochSeconds, ImageKind } from "@metersmith/images";
import { refusalCodes, type OutcomeCode } from "./update-refusal.ts";

/**
 * How far an update is. `applying`, `running`, `saving`, `installing` and `restoring` are the flag: set before anything is copied and cleared after the copy was
 * verified; a meter that starts with it set goes on with that.
 */
export const updatePhases = ["idle", "receiving", "verified", "scheduled", "applying", "running", "saving", "installing", "trial", "restoring"] as const;
export type UpdatePhase = (typeof updatePhases)[number];

/** Of the image in the buffer, once it was verified. */
export interface StagedImage {
  readonly kind: ImageKind;
  readonly id: string;
  readonly version: number;
  readonly counter: number;
  /** SHA-256 over the whole image as it came. */
  readonly digest: Uint8Array;
}

/** What a meter keeps of its updates. */
export interface UpdateState {
  readonly phase: UpdatePhase;
  /** Number of the newest update on this meter, from 1; 0 before the first. */
  readonly update: number;
  /** Octets of the image, as announced. */
  readonly size: number;
  /** One bit for each page of the buffer, least significant first: the page has all its octets. */
  readonly received: Uint8Array;
  readonly image: StagedImage | undefined;
  /** When to activate, in `scheduled`. */
  readonly activateAt: EpochSeconds;
  /** Copies in this phase that did not read as they should; in `running`, procedures begun. */
  readonly count: number;
  /** Starts of firmware on trial, this one among them. */
  readonly boots: number;
  /** When a trial is over; 0 where the clock was not set when it began. */
  readonly trialUntil: EpochSeconds;
  /** Below these no image is taken. They never fall. */
  readonly counters: Readonly<Record<ImageKind, number>>;
  /** How the newest update ended or was last refused, and at which table or procedure. */
  readonly outcome: { readonly code: OutcomeCode; readonly place: number };
}

export const firstState: UpdateState = {
  phase: "idle", update: 0, size: 0, received: new Uint8Array(), image: undefined, activateAt: 0, count: 0, boots: 0, trialUntil: 0,
  counters: { program: 0, firmware: 0 }, outcome: { code: "none", place: 0 },
};

const headLength = 36;
const kinds: readonly ImageKind[] = ["program", "firmware"];
const digestLength = 32;

/** As one record: a head of fixed fields, then the pages received, then, behind its length, the image. Most significant octet first. */
export function encodeState(state: UpdateState): Uint8Array {
  const head = new Uint8Array(headLength);
  const view = new DataView(head.buffer);
  head[0] = updatePhases.indexOf(state.phase);
  head[1] = state.count;
  head[2] = state.boots;
  head[3] = refusalCodes.indexOf(state.outcome.code);
  view.setUint16(4, state.outcome.place);
  view.setUint16(6, state.received.length);
  view.setUint32(8, state.update);
  view.setUint32(12, state.size);
  view.setUint32(16, state.activateAt);
  view.setUint32(20, state.trialUntil);
  view.setUint32(24, state.counters.program);
  view.setUint32(28, state.counters.firmware);
  const { image } = state;
  if (!image) return concatBytes(head, state.received);
  const id = new TextEncoder().encode(image.id);
  view.setUint8(32, 1 + kinds.indexOf(image.kind));
  view.setUint8(33, id.length);
  const numbers = new Uint8Array(8);
  const numbersView = new DataView(numbers.buffer);
  numbersView.setUint32(0, image.version);
  numbersView.setUint32(4, image.counter);
  return concatBytes(head, state.received, numbers, image.digest, id);
}

/** Undefined where the octets are none of a state. */
export function decodeState(record: Uint8Array): UpdateState | undefined {
  if (record.length < headLength) return undefined;
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const phase = updatePhases[view.getUint8(0)];
  const code = refusalCodes[view.getUint8(3)];
  const imageAt = headLength + view.getUint16(6);
  const kind = kinds[view.getUint8(32) - 1];
  const idLength = view.getUint8(33);
  const expected = kind ? imageAt + 8 + digestLength + idLength : imageAt;
  if (phase === undefined || code === undefined || record.length !== expected) return undefined;
  return {
    phase,
    count: view.getUint8(1),
    boots: view.getUint8(2),
    outcome: { code, place: view.getUint16(4) },
    update: view.getUint32(8),
    size: view.getUint32(12),
    activateAt: view.getUint32(16),
    trialUntil: view.getUint32(20),
    counters: { program: view.getUint32(24), firmware: view.getUint32(28) },
    received: record.slice(headLength, imageAt),
    image: kind && {
      kind,
      version: view.getUint32(imageAt),
      counter: view.getUint32(imageAt + 4),
      digest: record.slice(imageAt + 8, imageAt + 8 + digestLength),
      id: new TextDecoder().decode(record.subarray(imageAt + 8 + digestLength)),
    },
  };
}
