import { decodeImage } from "@metersmith/images";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { NicError } from "../nic-error.ts";
import { firmwareImage, keys, longModule, programImage, UpdatedBoard } from "../testing/updated-board.ts";
import { MemoryWithCuts } from "../testing/memory-with-cuts.ts";
import { ImageInterface } from "./image-interface.ts";
import { sendToCard, type AskCard } from "./send-to-card.ts";

/** For meters that run 1.0: what it puts in force is not what it asks for. */
const image = await firmwareImage({ firmware: { least: { version: 1, revision: 0 }, most: { version: 1, revision: 0 } }, content: { kind: "firmware", module: longModule(4000) } });
const { payload } = decodeImage(image);

/** A meter whose card may lose its power. */
class Metered {
  readonly board = new UpdatedBoard();
  readonly memory = new MemoryWithCuts();
  readonly bugs: unknown[] = [];
  card = this.#powered();
  asked = 0;

  restart(): void {
    this.board.restart();
    this.memory.powerUp();
    this.card = this.#powered();
  }

  readonly ask: AskCard = (request) => {
    this.asked++;
    return this.card.answer(request, { name: "head-end", role: "programmer" });
  };

  #powered(): ImageInterface {
    return new ImageInterface({
      board: this.board.access, memory: this.memory, trust: keys, deviceType: "rx-2s", clock: this.board.clock, failed: (error) => this.bugs.push(error),
    });
  }
}

let meter: Metered;
beforeEach(async () => {
  meter = new Metered();
  await meter.board.setClock();
});

describe("[FWU-1.5] an image on its way to the card", () => {
  test("is sent once, installed, and confirmed by what table 1 shows", async () => {
    const told: number[] = [];
    const sending = await sendToCard(meter.ask, image, { onProgress: (done) => told.push(done) });
    expect(sending).toMatchObject({ sent: payload.length, installation: { outcome: "confirmed", metrologyCheck: "passed", firmware: { before: 0x0100, after: 0x0200 }, octets: { total: image.length } } });
    expect(told.at(-1)).toBe(payload.length);
    expect(meter.bugs).toEqual([]);
    expect(await sendToCard(meter.ask, image)).toMatchObject({ sent: 0, installation: { outcome: "confirmed", octets: { sent: 0 } } });
  });

  test("firmware at its time, and confirmed by asking again: it runs by then, and its trial is not for ever", async () => {
    const at = Math.floor(meter.board.clock.now() / 1000) + 600;
    expect((await sendToCard(meter.ask, image, { at })).installation).toMatchObject({ outcome: "scheduled", firmware: { after: 0x0100 } });
    meter.board.clock.advance(700_000);
    meter.board.meter.tick();
    meter.restart();
    expect(await sendToCard(meter.ask, image, { at })).toMatchObject({ sent: 0, installation: { outcome: "confirmed", metrologyCheck: "passed", firmware: { before: 0x0200 } } });
  });

  test("a program, at its time, and confirmed by asking again", async () => {
    const program = await programImage("NORTH");
    const at = Math.floor(meter.board.clock.now() / 1000) + 600;
    expect((await sendToCard(meter.ask, program, { at })).installation).toMatchObject({ outcome: "scheduled", status: { activateAt: at } });
    meter.board.clock.advance(700_000);
    meter.board.meter.tick();
    expect(await sendToCard(meter.ask, program, { at })).toMatchObject({ sent: 0, installation: { outcome: "confirmed", status: { programId: "TOU-1" } } });
  });

  test("cut before or after any request, card and board without power: it goes on, nothing that the card kept is sent again, and it ends well", async () => {
    await sendToCard(meter.ask, image);
    const requests = meter.asked;
    for (let cut = 0; cut < requests; cut++) {
      for (const taken of [false, true]) {
        meter = new Metered();
        await meter.board.setClock();
        let done = 0;
        let sent = 0;
        const broken: AskCard = async (request) => {
          const reaches = done < cut || taken;
          if (reaches && request.target.includes("pages")) sent += request.body.length;
          const answer = reaches ? await meter.ask(request) : undefined;
          if (answer && done++ < cut) return answer;
          throw new Error("the line is cut");
        };
        await expect(sendToCard(broken, image)).rejects.toThrow("the line is cut");
        meter.restart();
        const rest = await sendToCard(meter.ask, image);
        expect(rest.installation, `${cut} ${taken}`).toMatchObject({ outcome: "confirmed", firmware: { after: 0x0200 } });
        expect(rest.sent, `${cut} ${taken}`).toBe(payload.length - sent);
      }
    }
  });

  test("the card without power at any change of its memory, before or after it: it goes on from there", async () => {
    await sendToCard(meter.ask, image);
    const changes = meter.memory.changes;
    expect(changes).toBeGreaterThan(5);
    for (let cut = 0; cut < changes; cut++) {
      for (const when of ["before", "after"] as const) {
        meter = new Metered();
        await meter.board.setClock();
        meter.memory.cut = { change: cut, when };
        await expect(sendToCard(meter.ask, image)).rejects.toMatchObject({ context: { status: 500, refusal: "internal" } });
        meter.restart();
        expect((await sendToCard(meter.ask, image)).installation, `${cut} ${when}`).toMatchObject({ outcome: "confirmed", firmware: { after: 0x0200 } });
      }
    }
  });
});

describe("what a card says is not believed", () => {
  const says = (status: number, body: string): AskCard => async () => ({ status, body: new TextEncoder().encode(body) });

  test.each<[string, AskCard, object]>([
    ["a refusal of its own", says(422, '{"code":"bad-value","detail":"expired"}'), { code: "board-refused", message: "The card refuses: expired", context: { status: 422, refusal: "bad-value" } }],
    ["a refusal without a reason", says(418, '{"code":"teapot"}'), { code: "board-unreadable" }],
    ["no JSON", says(200, "<html>"), { code: "board-unreadable" }],
    ["more pages than there are", says(200, `{"missing":{"inventory":false,"pages":[${payload.length}]}}`), { code: "board-unreadable" }],
    ["nothing", says(200, "null"), { code: "board-unreadable" }],
    ["a name that every object has", says(200, '{"missing":{"pages":[]}}'.replace("missing", "constructor")), { code: "board-unreadable" }],
  ])("%s", async (_, ask, expected) => {
    await expect(sendToCard(ask, image)).rejects.toMatchObject(expected);
  });

  test("whatever it answers, sending ends, with an error of ours or a report", async () => {
    await fc.assert(fc.asyncProperty(fc.infiniteStream(fc.tuple(fc.constantFrom(200, 404, 503), fc.oneof(fc.json(), fc.record({ missing: fc.record({ inventory: fc.boolean(), pages: fc.array(fc.nat(9)) }), code: fc.string(), detail: fc.string() }).map((value) => JSON.stringify(value))))), async (answers) => {
      let asked = 0;
      const ask: AskCard = async () => {
        if (++asked > 20) throw new TypeError("it asks without end");
        const [status, text] = answers.next().value;
        return { status, body: new TextEncoder().encode(text) };
      };
      await sendToCard(ask, image).catch((error: unknown) => expect(error).toBeInstanceOf(NicError));
    }));
  });
});
