import { decodeImage, pageCount, Trust, unverifiedManifest } from "@metersmith/images";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { firmwareImage, keys, longModule, programImage, UpdatedBoard } from "../testing/updated-board.ts";
import { cardMemoryInRam, type CardMemory } from "./card-memory.ts";
import { ImageInterface } from "./image-interface.ts";

const image = await firmwareImage({ content: { kind: "firmware", module: longModule(3000) } });
const parts = decodeImage(image);
const { manifest } = unverifiedManifest(parts.signedManifest);
const pages = Array.from({ length: pageCount(manifest) }, (_, page) => parts.payload.subarray(page * manifest.pageSize, (page + 1) * manifest.pageSize));

let board: UpdatedBoard;
let memory: CardMemory;
let card: ImageInterface;
let bugs: unknown[];
beforeEach(async () => {
  bugs = [];
  board = new UpdatedBoard();
  await board.setClock();
  memory = cardMemoryInRam();
  card = powered();
});

/** The card after power came: what it has is its memory. */
function powered(trust = keys): ImageInterface {
  return new ImageInterface({ board: board.access, memory, trust, deviceType: "rx-2s", clock: board.clock, failed: (error) => bugs.push(error) });
}

async function ask(method: string, target: string, body: Uint8Array | string = "", role = "programmer") {
  const octets = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const response = await card.answer({ method, target, headers: new Map(), body: octets }, { name: "head-end", role });
  return { status: response.status, facts: JSON.parse(new TextDecoder().decode(response.body)) as Record<string, unknown> };
}

const sendPages = async (): Promise<void> => {
  for (const [page, octets] of pages.entries()) expect((await ask("PUT", `/v1/image/pages/${page}`, octets)).status).toBe(200);
};

const begin = async (): Promise<void> => {
  expect((await ask("PUT", "/v1/image/manifest", parts.signedManifest)).status).toBe(200);
  expect((await ask("PUT", "/v1/image/inventory", parts.inventory)).status).toBe(200);
};

describe("[FWU-1.5] [FWU-1.6] an image comes to the card in parts", () => {
  test("manifest, inventory, pages in any order; then the board has it, and the answer is what table 1 shows", async () => {
    await begin();
    expect((await ask("GET", "/v1/image")).facts).toMatchObject({ image: { kind: "firmware", id: "metrology" }, missing: { inventory: false, pages: pages.map((_, page) => page) }, firmware: 0x0100, board: { phase: "idle" } });
    for (const [page, octets] of [...pages.entries()].toReversed()) expect((await ask("PUT", `/v1/image/pages/${page}`, octets)).status).toBe(200);
    const { status, facts } = await ask("POST", "/v1/image/installation");
    expect([status, facts]).toMatchObject([200, { outcome: "confirmed", metrologyCheck: "passed", firmware: { before: 0x0100, after: 0x0200 } }]);
    expect((await ask("GET", "/v1/image")).facts).toMatchObject({ image: { id: "metrology" }, missing: { inventory: false, pages: [] }, firmware: 0x0200 });
  });

  test("what has come survives a loss of power, and the same manifest again keeps it; another one begins anew", async () => {
    await begin();
    await ask("PUT", "/v1/image/pages/0", pages[0]);
    card = powered();
    board.restart();
    expect((await ask("PUT", "/v1/image/manifest", parts.signedManifest)).facts).toMatchObject({ missing: { inventory: false, pages: pages.map((_, page) => page).slice(1) } });
    const other = decodeImage(await programImage("SOUTH"));
    expect((await ask("PUT", "/v1/image/manifest", other.signedManifest)).facts).toMatchObject({ image: { kind: "program" }, missing: { inventory: true, pages: [0] } });
  });

  test("a page that the card's memory no longer has as it was is asked for again", async () => {
    await begin();
    await ask("PUT", "/v1/image/pages/0", pages[0]);
    memory.write("image/page/0", new Uint8Array(manifest.pageSize));
    expect((await ask("GET", "/v1/image")).facts).toMatchObject({ missing: { pages: pages.map((_, page) => page) } });
    expect((await ask("POST", "/v1/image/installation")).facts).toMatchObject({ status: 422, code: "not-whole" });
  });

  test("an inventory that is damaged in the card's memory is asked for again, and what came of the pages counts", async () => {
    await begin();
    await ask("PUT", "/v1/image/pages/0", pages[0]);
    memory.write("image/inventory", Uint8Array.of(0xa0));
    expect((await ask("GET", "/v1/image")).facts).toMatchObject({ image: { id: "metrology" }, missing: { inventory: true } });
    expect((await ask("PUT", "/v1/image/inventory", parts.inventory)).facts).toMatchObject({ missing: { inventory: false, pages: pages.map((_, page) => page).slice(1) } });
  });

  test("what is forgotten is gone, also what an image of before left", async () => {
    await begin();
    await sendPages();
    card = powered(new Trust([]));
    expect((await ask("DELETE", "/v1/image")).facts).toMatchObject({ image: null, missing: null });
    for (const part of ["manifest", "inventory", "page/0", `page/${pages.length - 1}`]) expect(memory.read(`image/${part}`), part).toBeUndefined();
  });

  test("HEAD is GET without a body", async () => {
    const response = await card.answer({ method: "HEAD", target: "/v1/image", headers: new Map(), body: new Uint8Array() }, { name: "head-end", role: "reader" });
    expect([response.status, response.body.length]).toEqual([200, 0]);
  });

  test("a card that stops in the middle leaves the board and its memory alone from then on, and goes on after the restart", async () => {
    await begin();
    await sendPages();
    const installing = ask("POST", "/v1/image/installation");
    await card.stop();
    expect((await installing).facts).toMatchObject({ status: 503, code: "busy" });
    expect((await ask("GET", "/v1/image")).facts).toMatchObject({ status: 503 });
    card = powered();
    expect((await ask("POST", "/v1/image/installation")).facts).toMatchObject({ outcome: "confirmed", firmware: { after: 0x0200 } });
    expect(bugs).toEqual([]);
  });

  test("memory that fails is a matter of the card's log, and no more is told", async () => {
    memory = { ...memory, write: () => { throw new Error("flash of the card is worn out"); } };
    card = powered();
    const { status, facts } = await ask("PUT", "/v1/image/manifest", parts.signedManifest);
    expect([status, facts["code"]]).toEqual([500, "internal"]);
    expect(JSON.stringify(facts)).not.toMatch(/worn/);
    expect(bugs).toHaveLength(1);
  });

  test("a key that is trusted no more takes the image with it", async () => {
    await begin();
    card = powered(new Trust([]));
    expect((await ask("GET", "/v1/image")).facts).toMatchObject({ image: null });
  });

  test("at a time, and confirmed by asking again", async () => {
    await begin();
    await sendPages();
    const at = Math.floor(board.clock.now() / 1000) + 600;
    expect((await ask("POST", "/v1/image/installation", `{"at":${at}}`)).facts).toMatchObject({ outcome: "scheduled" });
    board.clock.advance(700_000);
    board.meter.tick();
    expect((await ask("POST", "/v1/image/installation", `{"at":${at}}`)).facts).toMatchObject({ outcome: "confirmed", firmware: { after: 0x0200 } });
  });
});

describe("[FWU-1.6] refused", () => {
  test.each<[string, () => Promise<{ facts: Record<string, unknown> }>, object]>([
    ["a reader's image", () => ask("PUT", "/v1/image/manifest", parts.signedManifest, "reader"), { status: 403, code: "not-permitted" }],
    ["a role that no level has", () => ask("GET", "/v1/image", "", "janitor"), { status: 403, code: "not-permitted" }],
    ["a signature of nobody's", () => ask("PUT", "/v1/image/manifest", parts.signedManifest.map((octet, at) => (at === parts.signedManifest.length - 1 ? octet ^ 1 : octet))), { status: 422, code: "bad-value" }],
    ["what is no manifest", () => ask("PUT", "/v1/image/manifest", "x"), { status: 422, code: "bad-value" }],
    ["one for another device type", async () => ask("PUT", "/v1/image/manifest", decodeImage(await firmwareImage({ deviceType: "ix-4s" })).signedManifest), { status: 422, code: "bad-value", field: "deviceType" }],
    ["one that the board's buffer does not take", async () => ask("PUT", "/v1/image/manifest", decodeImage(await firmwareImage({ content: { kind: "firmware", module: longModule(100_000) } })).signedManifest), { status: 413, code: "too-large", expected: 90_112 }],
    ["hardware that this is not", async () => ask("PUT", "/v1/image/manifest", decodeImage(await firmwareImage({ hardware: { least: { version: 9, revision: 0 }, most: { version: 9, revision: 9 } } })).signedManifest), { status: 422, field: "hardware" }],
    ["a reader's deletion", () => ask("DELETE", "/v1/image", "", "reader"), { status: 403, code: "not-permitted" }],
    ["an expired one", async () => ask("PUT", "/v1/image/manifest", decodeImage(await firmwareImage({ expiry: 1000 })).signedManifest), { status: 422, code: "bad-value", field: "expiry" }],
    ["an inventory before its manifest", () => ask("PUT", "/v1/image/inventory", parts.inventory), { status: 409, code: "nothing-begun" }],
    ["a page before its inventory", () => ask("PUT", "/v1/image/pages/0", pages[0]), { status: 409, code: "nothing-begun" }],
    ["an installation of nothing", () => ask("POST", "/v1/image/installation"), { status: 409, code: "nothing-begun" }],
    ["a page under another number", async () => { await begin(); return ask("PUT", "/v1/image/pages/1", pages[0]); }, { status: 422, code: "bad-value", field: "page 1" }],
    ["another inventory", async () => { await begin(); return ask("PUT", "/v1/image/inventory", parts.inventory.map((octet, at) => (at === 20 ? octet ^ 1 : octet))); }, { status: 422, code: "bad-value" }],
    ["a time that is none", async () => { await begin(); await sendPages(); return ask("POST", "/v1/image/installation", '{"at":"soon"}'); }, { status: 400, code: "bad-request" }],
    ["a method", () => ask("PUT", "/v1/image"), { status: 405, code: "method-not-allowed" }],
    ["a path", () => ask("GET", "/v1/image/pages/01"), { status: 404, code: "no-such-path" }],
  ])("%s", async (_, asked, expected) => {
    expect((await asked()).facts).toMatchObject(expected);
  });

  test("an older image, once a newer one was confirmed", async () => {
    const newer = decodeImage(await firmwareImage({ counter: 9, content: { kind: "firmware", module: longModule(3000) } }));
    await ask("PUT", "/v1/image/manifest", newer.signedManifest);
    await ask("PUT", "/v1/image/inventory", newer.inventory);
    await sendPages();
    expect((await ask("POST", "/v1/image/installation")).facts).toMatchObject({ outcome: "confirmed" });
    expect((await ask("PUT", "/v1/image/manifest", parts.signedManifest)).facts).toMatchObject({ status: 422, code: "bad-value", field: "counter" });
  });

  test("a second one while the card is at work", async () => {
    const first = ask("GET", "/v1/image");
    expect((await ask("GET", "/v1/image")).facts).toMatchObject({ status: 503, code: "busy" });
    expect((await first).status).toBe(200);
  });
});

describe("[FWU-1.5] whatever is sent", () => {
  /** One octet of a right part changed, cut short, or something behind it. */
  const spoilt = fc.oneof(...[parts.signedManifest, parts.inventory, pages[0] ?? image].map((part) => fc.record({ at: fc.nat(part.length - 1), flip: fc.integer({ min: 1, max: 255 }), keep: fc.nat(part.length), more: fc.uint8Array({ maxLength: 4 }) })
    .map(({ at, flip, keep, more }) => Uint8Array.of(...part.map((octet, index) => (index === at ? octet ^ flip : octet)).subarray(0, keep), ...more))));
  const body = fc.oneof(spoilt, fc.uint8Array({ maxLength: 200 }), fc.constantFrom(new Uint8Array(1_048_576).fill(0x81), new Uint8Array(1_048_576).fill(0xbf), new TextEncoder().encode(`{"at":${"9".repeat(400)}}`)));
  const target = fc.oneof(fc.constantFrom("manifest", "inventory", "pages/0", "pages/2", "installation").map((part) => `/v1/image/${part}`), fc.string({ maxLength: 20 }).map((text) => `/v1/image/${text}`));

  test("the card answers with a refusal of its own, keeps nothing of it, and the right parts are taken afterwards", async () => {
    await begin();
    await fc.assert(fc.asyncProperty(fc.constantFrom("PUT", "POST", "GET", "PATCH"), target, body, async (method, where, octets) => {
      const { status, facts } = await ask(method, where, octets);
      expect([400, 404, 405, 409, 413, 422], `${method} ${where}: ${JSON.stringify(facts)}`).toContain(status);
    }), { numRuns: 60 });
    expect(bugs).toEqual([]);
    expect((await ask("GET", "/v1/image")).facts).toMatchObject({ image: { id: "metrology" }, missing: { inventory: false, pages: pages.map((_, page) => page) } });
    await sendPages();
    expect((await ask("POST", "/v1/image/installation")).facts).toMatchObject({ outcome: "confirmed" });
  });
});
