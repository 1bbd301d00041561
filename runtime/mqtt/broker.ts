import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { Log } from "@metersmith/base/log";
import { Aedes, type Client } from "aedes";
import { MqttError } from "./mqtt-error.ts";
import { isTopicName, isWithin } from "./topic-filter.ts";

/** Who may connect, and to which topics. */
export interface BrokerAccount {
  readonly username: string;
  readonly password: string;
  /** Filters of the topics it may publish to, its will included. */
  readonly publish: readonly string[];
  /** Filters of what it may subscribe to: a subscription must lie within one of them. */
  readonly subscribe: readonly string[];
}

export interface BrokerOptions {
  readonly accounts: readonly BrokerAccount[];
  readonly log: Log;
  /** Loopback unless told: the embedded broker speaks without TLS. */
  readonly host?: string;
  /** 0, and by default: the system chooses. */
  readonly port?: number;
}

export interface Broker {
  readonly url: string;
  readonly port: number;
  /** Settles when it listens no longer, wanted or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** CONNACK return codes of MQTT 3.1.1, 3.2.2.3. */
const BAD_USERNAME_OR_PASSWORD = 4;
const CONNECT_WITHIN_MS = 10_000;
const QUEUED_MESSAGES_AT_MOST = 10_000;

/**
 * An MQTT 3.1.1 broker in this process. It keeps nothing over a restart: whoever must not lose a message keeps it in an outbox until
 * it is answered. A client's identifier is its username, or begins with it and a slash: nobody takes over another's session.
 * @throws MqttError `port-taken`
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { accounts, log, host = "127.0.0.1" } = options;
  const byName = new Map(accounts.map((account) => [account.username, account]));
  const signedIn = new WeakMap<Client, BrokerAccount>();

  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_WITHIN_MS,
    queueLimit: QUEUED_MESSAGES_AT_MOST,
    authenticate(client, username, password, done) {
      const account = username === undefined ? undefined : byName.get(username);
      const own = account && (client.id === username || client.id.startsWith(`${username}/`));
      // Compared in any case, so that the time taken does not tell which names exist.
      const right = same(password ?? Buffer.alloc(0), account?.password ?? "");
      if (account && own && right) {
        signedIn.set(client, account);
        return done(null, true);
      }
      log.warn("MQTT connection refused", { client: client.id, username });
      done(Object.assign(new Error("bad username or password"), { returnCode: BAD_USERNAME_OR_PASSWORD }), false);
    },
    authorizePublish(client, packet, done) {
      const allowed = client && signedIn.get(client)?.publish.some((filter) => isWithin(packet.topic, filter));
      if (allowed && isTopicName(packet.topic)) return done(null);
      log.warn("MQTT publish refused", { client: client?.id, topic: packet.topic });
      done(new Error(`not authorized to publish to ${packet.topic}`));
    },
    authorizeSubscribe(client, subscription, done) {
      if (signedIn.get(client)?.subscribe.some((filter) => isWithin(subscription.topic, filter))) return done(null, subscription);
      log.warn("MQTT subscription refused", { client: client.id, topic: subscription.topic });
      done(null, null);
    },
  });
  aedes.on("clientError", (client, error) => log.warn("MQTT client failed", { client: client.id, why: error.message }));
  aedes.on("connectionError", (client, error) => log.warn("MQTT connection failed", { client: client.id, why: error.message }));

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  const port = await listen(server, host, options.port ?? 0);
  // A connection that could not be accepted (no file left for it) ends neither the broker nor, unheard, the process.
  server.on("error", (error) => log.error("MQTT connection not accepted", { error }));
  const ended = new Promise<void>((resolve) => server.once("close", resolve));
  return {
    url: `mqtt://${host}:${port}`,
    port,
    ended,
    async stop() {
      server.close();
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await ended;
    },
  };
}

function same(given: Buffer, expected: string): boolean {
  const digest = (value: Buffer | string): Buffer => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(given), digest(expected)) && expected !== "";
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE";
      reject(taken ? new MqttError("input", "port-taken", `port ${port}, wanted for the MQTT broker, is taken`, { port }, cause) : cause);
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
