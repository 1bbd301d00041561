import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callApi } from "./api-client.ts";
import { ApiFailure } from "./api-failure.ts";
import { apiListQuery } from "./api-query.ts";

const answers: Readonly<Record<string, { status: number; body: string }>> = {
  "/number": { status: 200, body: "7" },
  "/refusal": { status: 409, body: JSON.stringify({ title: "conflict", detail: "Meter 7 has a session already." }) },
  "/nobody": { status: 401, body: JSON.stringify({ message: "Invalid email or password" }) },
  "/fault": { status: 502, body: "<html>bad gateway</html>" },
  "/broken": { status: 200, body: "{" },
  "/list?limit=1000": { status: 200, body: JSON.stringify({ items: [1, 2], after: "b" }) },
  "/list?limit=1000&after=b": { status: 200, body: JSON.stringify({ items: [3], after: null }) },
  "/no-list?limit=1000": { status: 200, body: "[]" },
};

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, body } = answers[request.url ?? ""] ?? { status: 404, body: "" };
    response.writeHead(status).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const number = {
  parse(data: unknown): number {
    if (typeof data !== "number") throw new TypeError("not a number");
    return data;
  },
};

const failure = async (path: string): Promise<ApiFailure> => {
  const thrown: unknown = await callApi(path, number).catch((error: unknown) => error);
  if (!(thrown instanceof ApiFailure)) throw new Error("expected an ApiFailure", { cause: thrown });
  return thrown;
};

test("an answer is parsed", async () => {
  expect(await callApi(`${url}/number`, number)).toBe(7);
});

test("a refusal carries the site's own words, by problem document or by sign-in service", async () => {
  expect(await failure(`${url}/refusal`)).toMatchObject({ code: "refused", message: "Meter 7 has a session already.", kind: "peer-refused" });
  expect(await failure(`${url}/nobody`)).toMatchObject({ code: "not-signed-in", message: "Invalid email or password" });
});

test("a fault without words still says what to do, and nothing of the answer is shown", async () => {
  const { code, message } = await failure(`${url}/fault`);
  expect(code).toBe("server-fault");
  expect(message).not.toContain("html");
});

test("what cannot be parsed, and what cannot be reached, are told apart", async () => {
  expect((await failure(`${url}/broken`)).code).toBe("unexpected-answer");
  expect((await failure("http://127.0.0.1:1/")).code).toBe("unreachable");
  expect((await failure(`${url}/missing`)).code).toBe("not-found");
});

test("a list is followed to its end, and something else than a list is refused", async () => {
  const { signal } = new AbortController();
  expect(await apiListQuery(`${url}/list`, number).queryFn({ signal })).toEqual([1, 2, 3]);
  await expect(apiListQuery(`${url}/no-list`, number).queryFn({ signal })).rejects.toMatchObject({ code: "unexpected-answer" });
});

test("an aborted request ends with the abort, not with a failure to show", async () => {
  const asked = callApi(`${url}/number`, number, { signal: AbortSignal.abort() });
  await expect(asked).rejects.toMatchObject({ name: "AbortError" });
});
