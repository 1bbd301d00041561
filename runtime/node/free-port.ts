import { createServer } from "node:net";

/** A TCP port that nothing listens on now; the system chooses. Bind it soon: it is not reserved. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return tryPort(0, host);
}

export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  try {
    await tryPort(port, host);
    return true;
  } catch {
    return false;
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
