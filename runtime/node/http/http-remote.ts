import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as httpsGet } from "node:https";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import { Failure } from "@metersmith/base/errors";
import { LinkFailure, linkFailure } from "../link-failure.ts";
import { plainBytes } from "../plain-bytes.ts";

/** A file on a web server: read from some octet on, or not there. */
export type RemoteFile = { readonly found: false } | { readonly found: true; readonly from: number; readonly chunks: AsyncIterable<Uint8Array> };

export interface HttpRemote {
  open(path: string, from: number, signal: AbortSignal): Promise<RemoteFile>;
  close(): void;
}

const connections = 8;

/**
 * Files below an address, over HTTP or HTTPS, by ranges and, where the server has them so, compressed. Nothing is followed elsewhere, and nothing the server says but the
 * status and where a range begins is believed. Octets are given on as they come, unpacked: the reader bounds them.
 */
export function httpRemote(address: string): HttpRemote {
  const base = new URL(address.endsWith("/") ? address : `${address}/`);
  if (base.protocol !== "http:" && base.protocol !== "https:") throw new Failure("misuse", "address", `${address}: expected an address that begins with https:// or http://`);
  const secure = base.protocol === "https:";
  const options = { keepAlive: true, maxSockets: connections };
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const get = secure ? httpsGet : httpGet;
  const request = (path: string, from: number, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = from > 0 ? { range: `bytes=${from}-` } : path.endsWith(".json") ? { "accept-encoding": "br, gzip" } : {};
      const asked = get(new URL(path, base), { agent, headers, signal }, resolve);
      asked.once("error", (error) => {
        if (signal.aborted) reject(signal.reason as Error);
        // A kept connection may be closed by the other end just as it is used again: that says nothing of the server (RFC 9112, 9.3.1).
        else if (asked.reusedSocket) resolve(request(path, from, signal));
        else reject(linkFailure(`${base.href} cannot be reached`, error, { address: base.href }));
      });
    });
  return {
    async open(path, from, signal) {
      const answer = await request(path, from, signal);
      const status = answer.statusCode ?? 0;
      if (status === 200) return { found: true, from: 0, chunks: chunksOf(answer, unpacked(answer)) };
      if (status === 206) return { found: true, from: beginOf(answer, from), chunks: chunksOf(answer, answer) };
      answer.resume();
      if (status === 404 || status === 403 || status === 410) return { found: false };
      // Nothing is left behind that octet: the reader sees by the digest whether that is right.
      if (status === 416) return { found: true, from, chunks: chunksOf(answer, undefined) };
      throw new LinkFailure("refused", `${new URL(path, base).href} answers with status ${status}`, { status });
    },
    close: () => agent.destroy(),
  };
}

function unpacked(answer: IncomingMessage): Readable {
  const coding = answer.headers["content-encoding"] ?? "identity";
  if (coding === "identity") return answer;
  const unpack = coding === "br" ? createBrotliDecompress() : coding === "gzip" ? createGunzip() : undefined;
  if (!unpack) throw new LinkFailure("refused", `the server answers in a coding that was not asked for: ${coding.slice(0, 40)}`, {});
  answer.once("error", (error) => unpack.destroy(error));
  return answer.pipe(unpack);
}

function beginOf(answer: IncomingMessage, asked: number): number {
  const [, begin] = /^bytes (\d{1,15})-/.exec(answer.headers["content-range"] ?? "") ?? [];
  return begin === undefined ? asked : Number(begin);
}

async function* chunksOf(answer: IncomingMessage, content: Readable | undefined): AsyncGenerator<Uint8Array> {
  if (!content) return;
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) yield plainBytes(chunk);
    if (!answer.complete) throw new Error("the connection was closed before its end");
  } catch (error) {
    throw linkFailure("The transfer broke", error, {});
  } finally {
    // A reader that has enough leaves an answer half read: its connection is of no more use.
    if (!answer.complete) answer.destroy();
  }
}
