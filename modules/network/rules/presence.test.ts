import fc from "fast-check";
import { expect, test } from "vitest";
import { presenceOf } from "./presence.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("the concentrator's name is in the topic, the rest in the payload", () => {
  expect(presenceOf("ms/1/north/elm-street/presence", bytes('{"online":true,"meters":12,"at":"2026-11-21T08:00:00Z"}'))).toEqual({
    concentrator: "elm-street",
    online: true,
    meters: 12,
  });
});

test.each(['{"online":1,"meters":12}', '{"online":true}', '{"online":true,"meters":-1}', "", "[]", `{"online":true,"meters":1,"x":"${"y".repeat(2000)}"}`])(
  "a payload that is none is ignored: %.40s",
  (text) => expect(presenceOf("ms/1/north/s/presence", bytes(text))).toBeUndefined(),
);

test("any bytes on any topic are ignored or understood, never thrown at", () => {
  fc.assert(fc.property(fc.string(), fc.uint8Array(), (topic, message) => void presenceOf(topic, message)));
});
