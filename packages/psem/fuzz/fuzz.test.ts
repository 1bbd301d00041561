import { seededRandom } from "@metersmith/base/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { responseCodes } from "../services/response-code.ts";
import { fuzzClient } from "./fuzz-client.ts";
import { fuzzServer } from "./fuzz-server.ts";

/** The short mode; the long one is `npm run fuzz -- psem`. The attack is drawn from the project's seed. */
const [seed = 1] = fc.sample(fc.nat(), 1);

test(`server: 50,000 hostile messages of seed ${seed} write nothing without the password, and reach every answer of the link's services`, () => {
  const { messages, outcomes } = fuzzServer(seededRandom(seed), 50_000);
  expect(messages).toBe(50_000);
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining(["ok", "err", "sns", "isc", "onp", "iar", "isss", "rstl"]));
});

test(`client: 30,000 hostile answers of seed ${seed} end every call with a value or a PsemError`, async () => {
  const { outcomes } = await fuzzClient(seededRandom(seed), 30_000);
  const refusals = responseCodes.map((row) => row.mnemonic);
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining([...refusals, "timeout", "hung-up", "bad-response", "bad-checksum", "lost-packet"]));
});
