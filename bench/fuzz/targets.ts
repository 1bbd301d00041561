import type { Random } from "@metersmith/base/random";
import { fuzzClient } from "@metersmith/psem/fuzz/fuzz-client";
import { fuzzNodeClient } from "@metersmith/psem/fuzz/fuzz-node-client";
import { fuzzNode } from "@metersmith/psem/fuzz/fuzz-node";
import { fuzzServer, type FuzzFindings } from "@metersmith/psem/fuzz/fuzz-server";

/** One end that can be attacked: throws where it breaks a promise. `alive` is to be called now and then while an end under attack lives. */
export interface FuzzEnd {
  readonly end: string;
  readonly attack: (random: Random, messages: number, alive: () => void) => FuzzFindings | Promise<FuzzFindings>;
}

/** What `npm run fuzz -- <name>` attacks; the messages are shared between its ends. */
export const targets: Readonly<Record<string, readonly FuzzEnd[]>> = {
  psem: [
    { end: "meter", attack: fuzzServer },
    { end: "client", attack: fuzzClient },
  ],
  c1222: [
    { end: "node", attack: fuzzNode },
    { end: "client", attack: fuzzNodeClient },
  ],
};
