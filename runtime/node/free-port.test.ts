import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { freePort, isPortFree } from "./free-port.ts";

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));

async function isFreeWhileOpenOn(host: string): Promise<boolean> {
  const port = await freePort();
  const other = createServer().listen({ port, host, ipv6Only: true });
  await once(other, "listening");
  try {
    return await isPortFree(port);
  } finally {
    other.close();
  }
}

test("a port is free that nothing listens on", async () => {
  expect(await isPortFree(await freePort())).toBe(true);
});

test("a port that another program listens on is not free", async () => {
  expect(await isFreeWhileOpenOn("127.0.0.1")).toBe(false);
});

test.runIf(hasIpv6)("nor is one that another program listens on under ::1 alone, where localhost may lead", async () => {
  expect(await isFreeWhileOpenOn("::1")).toBe(false);
});
