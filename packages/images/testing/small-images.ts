import { buildImage, keySigner, publicKeyOf, Trust, type ImageDraft, type VerifiedImage } from "../index.ts";
import { verifyImage } from "../verify-image.ts";

export const secretKey = Uint8Array.from({ length: 32 }, (_, at) => at + 1);
export const publicKey = publicKeyOf(secretKey);
export const trust = new Trust([{ publicKey, kinds: ["program", "firmware"] }]);
export const now = 1_790_000_000;

/** A program of two steps, for one hardware and one firmware, reviewed against table 6. */
export const draft: ImageDraft = {
  deviceType: "rx-2s",
  hardware: { least: { version: 1, revision: 0 }, most: { version: 1, revision: 255 } },
  firmware: { least: { version: 1, revision: 0 }, most: { version: 1, revision: 3 } },
  id: "TOU-2",
  version: 7,
  counter: 12,
  expiry: now + 86_400,
  pageSize: 64,
  content: {
    kind: "program",
    steps: [
      { do: "write", table: 54, bytes: Uint8Array.from({ length: 90 }, (_, at) => at), mask: new Uint8Array(90).fill(0xff) },
      { do: "procedure", procedure: 2051, parameter: Uint8Array.of(10, 11) },
    ],
  },
  reviewed: [{ table: 6, bytes: Uint8Array.of(1, 2, 3, 4), mask: Uint8Array.of(255, 0, 240, 255) }],
};

export function small(change: Partial<ImageDraft> = {}): Promise<Uint8Array> {
  return buildImage({ ...draft, ...change }, keySigner(secretKey));
}

export function verified(image: Uint8Array): VerifiedImage {
  return verifyImage(image, trust, now);
}
