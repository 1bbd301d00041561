import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FolderServer, serveFolder } from "./folder-server.ts";
import { type HttpRemote, httpRemote } from "./http-remote.ts";

let above: string;
let folder: string;
let server: FolderServer;
let remote: HttpRemote;
beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), "metersmith-served-"));
  folder = join(above, "public");
  await mkdir(join(folder, "metadata"), { recursive: true });
  server = await serveFolder(folder, "127.0.0.1", 0);
  remote = httpRemote(`http://127.0.0.1:${server.port}`);
});
afterEach(async () => {
  remote.close();
  await server.close();
  await rm(above, { recursive: true });
});

async function read(path: string, from = 0, by: HttpRemote = remote): Promise<{ from: number; text: string } | undefined> {
  const file = await by.open(path, from, new AbortController().signal);
  if (!file.found) return undefined;
  const parts: Uint8Array[] = [];
  for await (const chunk of file.chunks) parts.push(chunk);
  return { from: file.from, text: Buffer.concat(parts).toString() };
}

test("a file comes whole, from some octet on, or not at all", async () => {
  await writeFile(join(folder, "metadata/a"), "0123456789");
  expect(await read("metadata/a")).toEqual({ from: 0, text: "0123456789" });
  expect(await read("metadata/a", 4)).toEqual({ from: 4, text: "456789" });
  expect(await read("metadata/a", 10)).toEqual({ from: 10, text: "" });
  expect(await read("metadata/b")).toBeUndefined();
});

test.each(["../secret", "metadata/../../secret", "%2e%2e/secret", ".hidden", "metadata"])("nothing outside the folder, hidden, or no file is given out: %s", async (path) => {
  await writeFile(join(folder, ".hidden"), "x");
  await writeFile(join(above, "secret"), "x");
  expect(await read(path)).toBeUndefined();
});

test("metadata come compressed where they lie so, the best form first, and are unpacked", async () => {
  const text = '{"a":1}'.repeat(500);
  await writeFile(join(folder, "metadata/1.a.json"), text);
  await writeFile(join(folder, "metadata/1.a.json.gz"), gzipSync(text));
  const before = server.traffic();
  expect((await read("metadata/1.a.json"))?.text).toBe(text);
  expect(server.traffic() - before).toBeLessThan(text.length / 4);
  await writeFile(join(folder, "metadata/1.a.json.br"), brotliCompressSync(`${text}!`));
  expect((await read("metadata/1.a.json"))?.text).toBe(`${text}!`);
});

async function answering(answer: Parameters<typeof createServer>[1] & object): Promise<{ remote: HttpRemote; server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { server, remote: httpRemote(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) };
}

test.each([
  ["leads elsewhere", (_: unknown, response: { writeHead: (status: number, headers?: object) => { end: () => unknown } }) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
  ["fails", (_: unknown, response: { writeHead: (status: number, headers?: object) => { end: () => unknown } }) => void response.writeHead(500).end()],
  ["answers in a coding that was not asked for", (_: unknown, response: { writeHead: (status: number, headers?: object) => { end: () => unknown } }) => void response.writeHead(200, { "content-encoding": "zstd" }).end()],
])("a server that %s is a failed link", async (_, answer) => {
  const { remote: other, server: its } = await answering(answer as never);
  await expect(read("metadata/a.json", 0, other)).rejects.toMatchObject({ kind: "link" });
  other.close();
  its.close();
});

test("a connection that is cut within a file is a failed link, not the end of the file", async () => {
  const { remote: other, server: its } = await answering((_, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("half");
    response.destroy();
  });
  await expect(read("a", 0, other)).rejects.toMatchObject({ kind: "link" });
  other.close();
  its.close();
});

test("a small compressed answer that unpacks without end ends with its reader", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const { remote: other, server: its } = await answering((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
  const file = await other.open("a.json", 0, new AbortController().signal);
  let octets = 0;
  if (file.found) {
    for await (const chunk of file.chunks) {
      octets += chunk.length;
      if (octets > 100_000) break;
    }
  }
  expect(octets).toBeLessThan(1_000_000);
  other.close();
  its.close();
});

test("a kept connection that the other end closes as it is used again is made anew", async () => {
  let [requests, connections] = [0, 0];
  const { remote: other, server: its } = await answering((request, response) => {
    requests++;
    // The second request meets a connection that is gone.
    if (requests === 2) request.socket.destroy();
    else response.end("right");
  });
  its.on("connection", () => void connections++);
  expect([await read("a", 0, other), await read("b", 0, other)]).toEqual([{ from: 0, text: "right" }, { from: 0, text: "right" }]);
  expect([requests, connections]).toEqual([3, 2]);
  other.close();
  its.close();
});
