import { createServer } from "node:net";

/** What `localhost` may lead to: a browser tries the second first. */
const LOOPBACKS = ["127.0.0.1", "::1"] as const;
const NO_IPV6 = ["EADDRNOTAVAIL", "EAFNOSUPPORT"];

/** A TCP port that nothing listens on now, on no loopback address; the system chooses. Bind it soon: it is not reserved. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await tryPort(0, LOOPBACKS[0]);
    if (await isPortFree(port)) return port;
  }
}

/**
 * Whether nothing listens on a port of any loopback address, so that `localhost` can lead to us alone. Fails where the port may not be
 * used at all (below 1024 without the right to it).
 */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of LOOPBACKS) {
    try {
      await tryPort(port, host);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (code === "EADDRINUSE") return false;
      if (host === "127.0.0.1" || !NO_IPV6.includes(code)) throw error;
    }
  }
  return true;
}

function tryPort(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no address"))));
    });
  });
}
