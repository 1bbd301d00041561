import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Clock } from "@metersmith/base/clock";
import type { IssuedCertificate } from "./certificate-authority.ts";
import { linkFailure } from "./link-failure.ts";
import { plainBytes } from "./plain-bytes.ts";

/** Who the certificate says the client is. */
export interface TlsPeer {
  /** CN of its subject. */
  readonly name: string;
  /** OU of its subject. */
  readonly unit: string;
}

export interface HttpsRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface HttpsResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

export interface MutualTlsHandler {
  answer(request: HttpsRequest, peer: TlsPeer): HttpsResponse | Promise<HttpsResponse>;
  /** What is answered where the server itself refuses: a body that is too large, or a certificate that is no longer valid or names nobody. */
  refused(why: "too-large" | "no-identity"): HttpsResponse;
  /** What `answer` threw: a bug. The client gets 500 and nothing else. */
  failed(error: unknown): void;
}

export interface MutualTlsOptions {
  readonly host: string;
  /** 0 = a free one. */
  readonly port: number;
  readonly identity: IssuedCertificate;
  /** PEM: who signs the certificates of clients. */
  readonly authority: string;
  readonly clock: Clock;
  /** Octets of a body; 1 MiB by default. */
  readonly largestBody?: number;
  /** Milliseconds for a whole request, from its first octet to its last; 10 s by default. */
  readonly requestTime?: number;
  /** Connections at a time; 16 by default. */
  readonly connections?: number;
}

export interface MutualTlsServer {
  readonly port: number;
  close(): Promise<void>;
}

const largestHead = 8192;
const handshakeTime = 10_000;
const idleTime = 30_000;

/**
 * HTTP over TLS 1.3 for clients that show a certificate of the authority, and for no others. Bounded in the size of head and body, in time and in connections; one request at a
 * time on a connection. Rejects with `LinkFailure` where it cannot listen.
 */
export function serveMutualTls(options: MutualTlsOptions, handler: MutualTlsHandler): Promise<MutualTlsServer> {
  const { host, port, identity, authority, largestBody = 1_048_576, requestTime = 10_000, connections = 16 } = options;
  const server = createServer(
    {
      cert: identity.certificate, key: identity.key, ca: authority, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3",
      maxHeaderSize: largestHead, handshakeTimeout: handshakeTime, headersTimeout: requestTime, requestTimeout: requestTime, keepAliveTimeout: idleTime,
      // How often those times are looked at.
      connectionsCheckingInterval: Math.min(1000, requestTime),
    },
    (request, response) => void take(request, response, { handler, clock: options.clock, largestBody }),
  );
  const sockets = new Set<Socket>();
  server.maxConnections = connections;
  // Counted before the handshake: who stalls in it is one too.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // A client without a right certificate is refused within the handshake; there is nobody to tell.
  server.on("tlsClientError", (_, socket) => socket.destroy());
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(linkFailure(`Listening on ${host} port ${port} failed`, error, { host, port })));
    server.listen({ host, port }, () => resolve({ port: (server.address() as AddressInfo).port, close }));
  });
}

interface Taking {
  readonly handler: MutualTlsHandler;
  readonly clock: Clock;
  readonly largestBody: number;
}

async function take(request: IncomingMessage, response: ServerResponse, { handler, clock, largestBody }: Taking): Promise<void> {
  const peer = peerOf(request.socket as TLSSocket, clock.now());
  if (!peer) return give(request, response, handler.refused("no-identity"), true);
  const body = await bodyOf(request, largestBody);
  if (body === "too-large") return give(request, response, handler.refused("too-large"), true);
  // The client went away, or was too slow and was told so.
  if (body === "broken") return;
  const headers = new Map(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]));
  try {
    give(request, response, await handler.answer({ method: request.method ?? "", target: request.url ?? "", headers, body }, peer), false);
  } catch (error) {
    handler.failed(error);
    give(request, response, { status: 500, headers: [], body: new Uint8Array(0) }, true);
  }
}

/** A connection may outlive its certificate, and a resumed one was not asked for it: so it is looked at for every request. */
function peerOf(socket: TLSSocket, now: number): TlsPeer | undefined {
  const { subject, valid_from: from, valid_to: to } = socket.getPeerCertificate();
  if (!socket.authorized || !subject || !(Date.parse(from) <= now && now < Date.parse(to))) return undefined;
  const { CN: name, OU: unit } = subject as { readonly CN?: unknown; readonly OU?: unknown };
  // Several of one kind come as a list, and name nobody either.
  return typeof name === "string" && typeof unit === "string" && name !== "" && unit !== "" ? { name, unit } : undefined;
}

async function bodyOf(request: IncomingMessage, largest: number): Promise<Uint8Array | "too-large" | "broken"> {
  if (Number(request.headers["content-length"] ?? 0) > largest) return "too-large";
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Not destroyed where it is left early: its connection is needed for the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largest) return "too-large";
      chunks.push(chunk);
    }
  } catch {
    return "broken";
  }
  return plainBytes(Buffer.concat(chunks));
}

function give(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpsResponse, last: boolean): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...Object.fromEntries(headers), "content-length": String(body.length), ...(last ? { connection: "close" } : {}) });
  response.end(request.method === "HEAD" ? undefined : body);
  // The rest of a body that was refused is not read. The request has let go of its connection where the client is gone already.
  if (last) response.once("finish", () => (request.socket as Socket | null)?.destroySoon());
}
