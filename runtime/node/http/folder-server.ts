import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { linkFailure } from "../link-failure.ts";

export interface FolderServer {
  readonly port: number;
  /** Octets of all connections so far, both ways: with heads, without TCP. */
  traffic(): number;
  close(): Promise<void>;
}

const pathForm = /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}){1,8}$/;
const idle = 30_000;
/** Connections that wait to be taken: a thousand tools may come at once. */
const backlog = 4096;

/**
 * Gives out the files of a folder and nothing else: GET and HEAD, one range, and of a file that lies there compressed beside itself (`.br`, `.gz`) that form to whoever takes it. For
 * trying, and for sites without a web server; any other does it as well. Rejects with `LinkFailure` where it cannot listen.
 */
export function serveFolder(folder: string, host: string, port: number): Promise<FolderServer> {
  const server = createServer({ keepAliveTimeout: idle, requestTimeout: idle, maxHeaderSize: 8192 }, (request, response) => {
    give(folder, request, response).catch(() => response.destroy());
  });
  let closed = 0;
  const open = new Set<{ bytesRead: number; bytesWritten: number }>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => {
      closed += socket.bytesRead + socket.bytesWritten;
      open.delete(socket);
    });
  });
  const traffic = (): number => [...open].reduce((sum, socket) => sum + socket.bytesRead + socket.bytesWritten, closed);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(linkFailure(`Listening on ${host} port ${port} failed`, error, { host, port })));
    server.listen({ host, port, backlog }, () => resolve({ port: (server.address() as AddressInfo).port, traffic, close }));
  });
}

async function give(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "";
  if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405, { allow: "GET, HEAD" }).end();
  const file = pathForm.test(path) ? join(folder, path) : undefined;
  const found = file === undefined ? undefined : await form(file, request.headers["accept-encoding"] ?? "", request.headers.range !== undefined);
  if (!found) return void response.writeHead(404, { "content-length": "0" }).end();
  const { size } = found;
  const range = rangeOf(request.headers.range, size);
  if (range === "unsatisfiable") return void response.writeHead(416, { "content-range": `bytes */${size}`, "content-length": "0" }).end();
  // Everything but the timestamp has its version or digest in its name.
  const common = { "cache-control": path.endsWith("/timestamp.json") ? "no-cache" : "max-age=31536000, immutable", "content-length": String(size - (range?.from ?? 0)), ...(found.coding ? { "content-encoding": found.coding } : {}) };
  if (range) response.writeHead(206, { ...common, "content-range": `bytes ${range.from}-${size - 1}/${size}` });
  else response.writeHead(200, common);
  if (request.method === "HEAD" || size === 0) return void response.end();
  createReadStream(found.file, { start: range?.from ?? 0 }).once("error", () => response.destroy()).pipe(response);
}

interface Form {
  readonly file: string;
  readonly size: number;
  readonly coding?: string;
}

async function form(file: string, accepted: string, ranged: boolean): Promise<Form | undefined> {
  for (const [coding, suffix] of ranged ? [] : [["br", ".br"], ["gzip", ".gz"]] as const) {
    if (!new RegExp(`\\b${coding}\\b(?!;q=0(?:[,. ]|$))`).test(accepted)) continue;
    const size = await sizeOf(`${file}${suffix}`);
    if (size !== undefined) return { file: `${file}${suffix}`, size, coding };
  }
  const size = await sizeOf(file);
  return size === undefined ? undefined : { file, size };
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}

/** Only "from here to the end": what a broken transfer asks for. Anything else is answered whole. */
function rangeOf(header: string | undefined, size: number): { readonly from: number } | "unsatisfiable" | undefined {
  const [, digits] = /^bytes=(\d{1,15})-$/.exec(header ?? "") ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) < size ? { from: Number(digits) } : "unsatisfiable";
}
