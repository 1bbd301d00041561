import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import { LinkFailure, linkFailure } from "./link-failure.ts";
import type { HttpsRequest } from "./mutual-tls-server.ts";
import { plainBytes } from "./plain-bytes.ts";

export interface MutualTlsPlace {
  readonly host: string;
  readonly port: number;
  /** PEM: whose certificates are taken. */
  readonly authority: string;
  /** PEM: what is shown, and its key. */
  readonly certificate: string;
  readonly key: string;
  /** Octets of an answer; 1 MiB by default. */
  readonly largestAnswer?: number;
  /** Milliseconds of silence from the other end; two minutes by default, for it may be at work. */
  readonly patience?: number;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

export interface MutualTlsClient {
  /** One request at a time. Rejects with `LinkFailure`. */
  ask(asked: HttpsRequest): Promise<HttpsAnswer>;
  close(): void;
}

/** The other end of `serveMutualTls`: HTTP over TLS 1.3 on one connection, kept between requests. */
export function openMutualTlsClient({ host, port, authority, certificate, key, largestAnswer = 1_048_576, patience = 120_000 }: MutualTlsPlace): MutualTlsClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority, cert: certificate, key, minVersion: "TLSv1.3" });
  const failed = (error: unknown): LinkFailure => (error instanceof LinkFailure ? error : linkFailure(`Asking ${host} port ${port} over HTTPS failed`, error, { host, port }));
  const ask = ({ method, target, headers, body }: HttpsRequest): Promise<HttpsAnswer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host, port, method, path: target, headers: { ...Object.fromEntries(headers), "content-length": String(body.length) }, agent, timeout: patience }, (response) => {
        whole(response, largestAnswer).then((octets) => resolve({ status: response.statusCode ?? 0, body: octets }), (error: unknown) => reject(failed(error)));
      });
      sent.once("timeout", () => sent.destroy(new LinkFailure("connect-timeout", `${host} port ${port} did not answer within ${patience / 1000} s.`, { host, port })));
      sent.once("error", (error) => reject(failed(error)));
      sent.end(body);
    });
  return { ask, close: () => agent.destroy() };
}

async function whole(response: IncomingMessage, largest: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw new LinkFailure("broken", `The answer is longer than ${largest} octets.`, {});
    chunks.push(chunk);
  }
  return plainBytes(Buffer.concat(chunks));
}
