import { createReadStream, existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import * as canned from "./canned-answers.ts";

const kinds: Readonly<Record<string, string>> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** Stricter than the real site's: no inline style elements either. */
const policy = "default-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export interface CannedSite {
  readonly url: string;
  /** Replaces or adds the answer of a path; `status` other than 2xx answers as a problem document. */
  answer(path: string, body: unknown, status?: number): void;
  /** What was posted or put, in order. */
  readonly posted: { readonly path: string; readonly body: string }[];
  close(): Promise<void>;
}

export const password = "a password for the test";

/** A site that serves the built console of `folder` and answers from a table, signed in by a cookie. */
export async function startCannedSite(folder: string): Promise<CannedSite> {
  const answers = cannedAnswers();
  const posted: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    void respond(request, response);
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    response.setHeader("content-security-policy", policy);
    if (!path.startsWith("/api/")) return sendFile(response, folder, path);
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += String(part);
    if (request.method !== "GET") posted.push({ path, body });
    if (path === "/api/auth/sign-in/email") {
      if (!body.includes(password)) return sendJson(response, 401, { code: "INVALID_EMAIL_OR_PASSWORD", message: "Invalid email or password" });
      response.setHeader("set-cookie", "canned=1; Path=/; HttpOnly; SameSite=Strict");
      return sendJson(response, 200, {});
    }
    if (path === "/api/auth/sign-out") {
      response.setHeader("set-cookie", "canned=; Path=/; Max-Age=0");
      return sendJson(response, 200, {});
    }
    if (path !== "/api/v1/site" && request.headers.cookie?.includes("canned=1") !== true) return sendJson(response, 401, { title: "sign in required", detail: "Sign in first." });
    const { status, value } = answers.get(path.replace(/[?&]limit=\d+/, "")) ?? { status: 404, value: { title: "not found", detail: "There is no such thing at this address, or it is not yours to see." } };
    return sendJson(response, status, value);
  }

  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    posted,
    answer: (path, value, status = 200) => void answers.set(path, { status, value }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" }).end(JSON.stringify(value));
}

function sendFile(response: ServerResponse, folder: string, path: string): void {
  const wanted = join(folder, normalize(new URL(path, "http://localhost").pathname));
  const file = extname(wanted) !== "" && existsSync(wanted) ? wanted : join(folder, "index.html");
  response.writeHead(200, { "content-type": kinds[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
}

function cannedAnswers(): Map<string, { status: number; value: unknown }> {
  const list = (items: readonly unknown[]): unknown => ({ items, after: null });
  const ofMeter = (meter: string, rows: readonly { readonly meterId: string }[]): unknown => list(rows.filter((row) => row.meterId === meter));
  const values: [string, unknown][] = [
    ["/api/v1/site", canned.site],
    ["/api/v1/me", canned.person],
    ["/api/v1/meters", list(canned.meters)],
    ["/api/v1/sessions", list(canned.sessions)],
    ["/api/v1/associations?current=true", list(canned.associations.filter((each) => each.to === null))],
    ["/api/v1/library-programs", list([canned.libraryProgram, canned.libraryDemandProgram])],
    [`/api/v1/library-programs/${canned.libraryProgram.id}`, canned.libraryProgram],
    ["/api/v1/programs", list([canned.programDetail])],
    [`/api/v1/library-programs/${canned.libraryProgram.id}/calendar`, canned.calendar],
    [`/api/v1/programs/${canned.programDetail.id}`, canned.programDetail],
    [`/api/v1/programs/${canned.programDetail.id}/calendar`, canned.calendar],
    [`/api/v1/sessions/${canned.sessionDetail.id}`, canned.sessionDetail],
    ...canned.meters.flatMap((meter): [string, unknown][] => [
      [`/api/v1/meters/${meter.id}`, meter],
      [`/api/v1/sessions?meter=${meter.id}`, ofMeter(meter.id, canned.sessions)],
      [`/api/v1/associations?meter=${meter.id}`, ofMeter(meter.id, canned.associations)],
    ]),
    [`/api/v1/meters/${canned.meterId}/calendar`, canned.calendar],
  ];
  return new Map(values.map(([path, value]) => [path, { status: 200, value }]));
}
