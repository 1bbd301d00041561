import { edlOf, jsonOf, tableNumber, type DecodedTable, type MeterContext, TablesError, writeEdl } from "@metersmith/tables";
import { NicError } from "../nic-error.ts";
import { inSession, type BoardAccess, type BoardSession } from "./board-session.ts";
import { entityTag, mustMatch } from "./entity-tag.ts";
import { mustExist, partsOfTable, wholeTable } from "./given-value.ts";
import { acceptedForm, bodyForm, mediaTypes, type Form } from "./media-type.ts";
import { routeOf, type Route } from "./route.ts";
import { changeFacts, changeTable, mustBeConfiguration } from "./table-change.ts";
import type { WebRequest, WebResponse } from "./web-message.ts";

/** Who asks, as their certificate says. */
export interface WebClient {
  readonly name: string;
  readonly role: string;
}

const allForms: readonly Form[] = ["json", "edl", "octets"];
const allowed: Readonly<Record<Route["kind"], readonly string[]>> = { tables: ["GET", "HEAD"], table: ["GET", "HEAD", "PUT", "PATCH"], field: ["GET", "HEAD"] };

/**
 * IPC-1: the meter's configuration tables over HTTP. A pure function of a request and the board; TLS and the certificate are the server's matter. Refusals are
 * problem documents (RFC 9457) with our code, and table and field where they are known. It throws nothing.
 */
export function answerWebRequest(board: BoardAccess, request: WebRequest, client: WebClient): WebResponse {
  try {
    const response = answer(board, request, client);
    return request.method === "HEAD" ? { ...response, body: new Uint8Array(0) } : response;
  } catch (error) {
    return problem(error);
  }
}

/** Any refusal as a response; also for what a server refuses before there is a request. */
export function problem(error: unknown): WebResponse {
  const known = error instanceof NicError ? error : undefined;
  const status = known?.status ?? 500;
  const { allow, ...context } = known?.context ?? {};
  const shown = known
    ? { type: "about:blank", title: known.code.replaceAll("-", " "), status, code: known.code, detail: known.message, ...context }
    // What went wrong inside is the log's, not the client's.
    : { type: "about:blank", title: "internal", status, code: "internal", detail: "The card failed; its log says more." };
  return {
    status,
    headers: [["content-type", "application/problem+json"], ["cache-control", "no-store"], ...(status === 503 ? [["retry-after", "5"] as const] : []), ...(allow === undefined ? [] : [["allow", String(allow)] as const])],
    body: utf8(JSON.stringify(shown)),
  };
}

/** JSON that was asked for. */
export function answered(facts: object): WebResponse {
  return found(utf8(JSON.stringify(facts, plain)), mediaTypes.json);
}

function answer(board: BoardAccess, request: WebRequest, { name, role }: WebClient): WebResponse {
  const route = routeOf(request.target);
  const { method } = request;
  if (!allowed[route.kind].includes(method)) {
    throw new NicError("method-not-allowed", `${method.slice(0, 20)} is not offered here; ${allowed[route.kind].join(", ")} are.`, { allow: allowed[route.kind].join(", ") });
  }
  if (route.kind === "tables") return inSession(board, role, name, (session) => listTables(session.contextOf()));
  if (method === "PUT" || method === "PATCH") return inSession(board, role, name, (session) => change(session, request, route.table));
  return inSession(board, role, name, (session) => show(session, request, route));
}

function listTables(context: MeterContext): WebResponse {
  const tables = [...context.definitions.tables.values()]
    .filter(({ number }) => context.has(number))
    .map(({ number, name }) => ({ table: number, number: tableNumber(number), name, writable: context.writable(number) }));
  return answered({ tables });
}

function show(session: BoardSession, request: WebRequest, route: Exclude<Route, { kind: "tables" }>): WebResponse {
  const context = session.contextOf(route.table);
  const form = acceptedForm(request.headers.get("accept"), route.kind === "field" ? ["json"] : allForms);
  const table = decoded(context, route.table, session.read(route.table));
  const tag = ["etag", entityTag(table.bytes, form)] as const;
  if (route.kind === "table") return found(represented(context, table, form), mediaTypes[form], tag);
  mustExist(table.layout, route.path);
  return found(utf8(JSON.stringify(table.get(route.path), plain)), mediaTypes.json, tag);
}

function change(session: BoardSession, { method, headers, body }: WebRequest, number: number): WebResponse {
  mustBeConfiguration(number);
  const context = session.contextOf(number);
  const form = bodyForm(headers.get("content-type"), method === "PUT" ? allForms : ["json"]);
  const before = session.read(number);
  mustMatch(headers.get("if-match"), before, number);
  const given = method === "PUT" ? wholeTable(context, number, form, body) : partsOfTable(context, number, body);
  if (before.length !== given.bytes.length) throw new NicError("board-unreadable", `Table ${number} has ${before.length} octets; its dimensions give ${given.bytes.length}.`, { table: number, expected: given.bytes.length, actual: before.length });
  const { changed, after } = changeTable(session, context, number, before, given);
  return found(utf8(JSON.stringify({ table: number, changed: changed.map(changeFacts) }, plain)), mediaTypes.json, ["etag", entityTag(after, form)]);
}

function represented({ definitions }: MeterContext, table: DecodedTable, form: Form): Uint8Array {
  if (form === "octets") return table.bytes;
  return utf8(form === "json" ? JSON.stringify(jsonOf(table)) : writeEdl(edlOf(definitions, [table])));
}

function decoded(context: MeterContext, table: number, bytes: Uint8Array): DecodedTable {
  try {
    return context.decode(table, bytes);
  } catch (error) {
    if (error instanceof TablesError) throw new NicError("board-unreadable", error.message, error.context, error);
    throw error;
  }
}

function found(body: Uint8Array, type: string, ...more: readonly (readonly [string, string])[]): WebResponse {
  return { status: 200, headers: [["content-type", type], ["cache-control", "no-store"], ["vary", "accept"], ...more], body };
}

const plain = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : Object.is(value, -0) ? "-0" : value);

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
