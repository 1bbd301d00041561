import { createServer } from "node:net";

/** A TCP port that nothing listens on now; the system chooses. Bind it soon: it is not reserved. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return tryPort(0, host);
}

/** Fails where the port may not be used at all (below 1024 without the right to it). */
export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  try {
    await tryPort(port, host);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
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
