import { expect, test } from "vitest";
import { attacked } from "../../testing/attacked-node.ts";
import { encodeRequest } from "../../services/encode-request.ts";
import { c1222Pair } from "../../testing/c1222-pair.ts";
import { apduTrace } from "./apdu-trace.ts";

const identify = encodeRequest({ service: "identify" });

test("a message is told by its header: protection, key, names, invocation, what it answers", async () => {
  const lines: string[] = [];
  const { client, run } = c1222Pair({ client: { trace: (line) => lines.push(line) } });
  await run(client.identify());
  const number = /invocation (\d+)/.exec(lines[1] ?? "")?.[1];
  expect(lines.map((line) => line.replace(/invocation \d+/, "invocation N"))).toEqual([
    "> request: identify itself",
    "  > message, 60 bytes, encrypted under key 1, from 1.3.6.1.4.1.33507.7 to .123.8437, invocation N",
    `  < message, 86 bytes, encrypted under key 1, from .123.8437 to 1.3.6.1.4.1.33507.7, invocation N, in answer to ${number}`,
    "< answer: ok, 18 bytes",
  ]);
});

test("without names and in clear, and where it is none at all", () => {
  const { made } = attacked();
  expect(apduTrace("<", made([identify], { mode: 0, called: null, calling: null }))).toMatch(/^ {2}< message, \d+ bytes, in clear, from nobody by name to nobody by name, invocation \d+$/);
  expect(apduTrace("<", made([identify], { mode: 1, id: 9 }))).toContain("authenticated under key 9");
  expect(apduTrace(">", Uint8Array.of(0x60, 1, 2))).toBe("  > no message, 3 bytes");
});
