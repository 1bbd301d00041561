import { createServer } from "node:http";
import { supervised } from "@metersmith/node/supervised";

/** Stands in for a site or a street: listens where a site would, and can fail or hang as its configuration's log file name asks. */
supervised<{ port?: number; url?: string }, { url: string; meters: unknown[] }>(async ({ port = 0 }) => {
  const server = createServer((_, response) => void response.end("here"));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    ready: { url: `http://localhost:${port}`, meters: [] },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
});
