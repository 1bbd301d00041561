import { seededRandom } from "@metersmith/base/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzzNodeClient } from "./fuzz-node-client.ts";
import { fuzzNode } from "./fuzz-node.ts";

const [seed = 1] = fc.sample(fc.nat(), 1);

test(`C12.22 node: 10,000 hostile messages of seed ${seed} reach no device without the key and write nothing without the password`, () => {
  const { messages, outcomes } = fuzzNode(seededRandom(seed), 10_000);
  expect(messages).toBe(10_000);
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining(["bad-apdu", "not-authentic", "answer in mode 0", "answer in mode 1", "answer in mode 2"]));
});

test(`C12.22 client: 5,000 hostile answers of seed ${seed} end every call with a value or a PsemError`, async () => {
  const { outcomes } = await fuzzNodeClient(seededRandom(seed), 5_000);
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining(["value", "timeout", "bad-response", "bad-checksum", "not-authentic", "onp"]));
});
