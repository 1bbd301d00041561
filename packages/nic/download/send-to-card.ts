import { decodeImage, pageCount, unverifiedManifest, type EpochSeconds } from "@metersmith/images";
import { NicError } from "../nic-error.ts";
import { CardFacts } from "./card-facts.ts";
import { readInstallation, type Installation } from "./installation.ts";

/** A card at the other end of a connection. Rejects as the connection does. */
export type AskCard = (request: { readonly method: string; readonly target: string; readonly headers: ReadonlyMap<string, string>; readonly body: Uint8Array }) => Promise<{ readonly status: number; readonly body: Uint8Array }>;

export interface SendingOptions {
  /** Seconds since 1970 UTC; at once where absent. */
  readonly at?: EpochSeconds;
  /** Octets of the payload that the card has. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How it ended, and how many octets of the payload the card had to be sent. */
export interface Sending {
  readonly sent: number;
  readonly installation: Installation;
}

/**
 * The other end of `ImageInterface`: sends a card what it lacks of an image, then has it installed. Asked again after whatever interrupted it, it goes on. Throws
 * `ImagesError` for what is no image, `board-refused` for what the card refuses, with its code as `refusal`, and `board-unreadable` for an answer that means nothing.
 */
export async function sendToCard(ask: AskCard, image: Uint8Array, { at, onProgress = () => {} }: SendingOptions = {}): Promise<Sending> {
  const { signedManifest, inventory, payload } = decodeImage(image);
  const { manifest } = unverifiedManifest(signedManifest);
  const pages = pageCount(manifest);
  const put = async (part: string, body: Uint8Array): Promise<CardFacts> => asked(await ask({ method: "PUT", target: `/v1/image/${part}`, headers: octets, body }));
  let found = await put("manifest", signedManifest);
  if (found.flag("missing.inventory")) found = await put("inventory", inventory);
  const missing = new Set(found.numbers("missing.pages", pages - 1));
  let sent = 0;
  for (let page = 0; page < pages; page++) {
    onProgress(Math.min(page * manifest.pageSize, payload.length), payload.length);
    if (!missing.has(page)) continue;
    const body = payload.subarray(page * manifest.pageSize, (page + 1) * manifest.pageSize);
    await put(`pages/${page}`, body);
    sent += body.length;
  }
  onProgress(payload.length, payload.length);
  const body = at === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify({ at }));
  return { sent, installation: readInstallation(asked(await ask({ method: "POST", target: "/v1/image/installation", headers: json, body }))) };
}

const longestDetail = 500;
const longestCode = 40;
const octets = new Map([["content-type", "application/octet-stream"]]);
const json = new Map([["content-type", "application/json"]]);

function asked({ status, body }: { readonly status: number; readonly body: Uint8Array }): CardFacts {
  const facts = CardFacts.of(body);
  if (status === 200) return facts;
  throw new NicError("board-refused", `The card refuses: ${facts.text("detail").slice(0, longestDetail)}`, { status, refusal: facts.text("code").slice(0, longestCode) });
}
