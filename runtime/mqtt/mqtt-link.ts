import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@metersmith/base/log";
import { connectAsync, ErrorWithReasonCode, ErrorWithSubackPacket, type IClientOptions, type MqttClient } from "mqtt";
import { MqttError } from "./mqtt-error.ts";
import { isTopicFilter, isWithin } from "./topic-filter.ts";

export interface MqttLinkOptions {
  /** `mqtt://host:port` or `mqtts://…`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Unique among the broker's clients; our broker wants the username, or the username, a slash and more. */
  readonly clientId: string;
  /** Published by the broker when this client vanishes without a word. */
  readonly will?: { readonly topic: string; readonly payload: Uint8Array; readonly retain: boolean };
  readonly log: Log;
}

export type MessageHandler = (topic: string, payload: Uint8Array) => void;

/** A lasting connection to a broker, MQTT 3.1.1, quality of service 1: each message arrives at least once while both ends live. */
export interface MqttLink {
  readonly connected: boolean;
  /** Settles when the broker has acknowledged it. Waits through an outage; may then arrive twice. A topic that the broker refuses is never acknowledged: it closes the connection. */
  publish(topic: string, payload: Uint8Array, retain?: boolean): Promise<void>;
  /** Handles what matches the filter, also after reconnecting, until the returned function is called. */
  subscribe(filter: string, handle: MessageHandler): Promise<() => Promise<void>>;
  /** Goes without its will being published. */
  close(): Promise<void>;
}

const QOS = 1;
const RECONNECT_MS = 1000;
const CONNECT_WITHIN_MS = 10_000;
const LEAVE_WITHIN_MS = 1000;
/** SUBACK return code of a refused subscription (MQTT 3.1.1, 3.9.3). */
const REFUSED = 128;

/**
 * Connects once, or fails; from then on it reconnects by itself and renews its subscriptions.
 * @throws MqttError `not-authorized` · `unreachable`
 */
export async function connectMqtt(options: MqttLinkOptions): Promise<MqttLink> {
  const { url, username, clientId, log } = options;
  const client = await connectFirst(url, {
    protocolVersion: 4,
    username,
    password: options.password,
    clientId,
    clean: true,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECT_WITHIN_MS,
    ...(options.will ? { will: { topic: options.will.topic, payload: Buffer.from(options.will.payload), qos: QOS, retain: options.will.retain } } : {}),
  });
  const handlers = new Map<string, Set<MessageHandler>>();
  const underWay = new Set<Promise<unknown>>();

  client.on("message", (topic, payload) => {
    for (const [filter, those] of handlers) {
      if (!isWithin(topic, filter)) continue;
      for (const handle of those) {
        try {
          handle(topic, payload);
        } catch (error) {
          log.error("MQTT message not handled", { topic, error });
        }
      }
    }
  });
  client.on("close", () => log.info("MQTT connection closed", { url, clientId }));
  client.on("error", (error) => log.warn("MQTT connection failed", { url, clientId, why: error.message }));

  return {
    get connected() {
      return client.connected;
    },
    async publish(topic, payload, retain = false) {
      const acknowledged = client.publishAsync(topic, Buffer.from(payload), { qos: QOS, retain });
      underWay.add(acknowledged);
      try {
        await acknowledged;
      } catch (cause) {
        throw new MqttError("link", "publish-failed", `${url} did not take a message for ${topic}: ${reason(cause)}`, { topic }, cause);
      } finally {
        underWay.delete(acknowledged);
      }
    },
    async subscribe(filter, handle) {
      if (!isTopicFilter(filter)) throw new MqttError("misuse", "bad-filter", `"${filter}" is no topic filter (MQTT 3.1.1, 4.7.1)`, { filter });
      const those = handlers.get(filter) ?? new Set();
      handlers.set(filter, those.add(handle));
      const forget = async (): Promise<void> => {
        if (!those.delete(handle) || those.size > 0) return;
        handlers.delete(filter);
        if (client.connected) await client.unsubscribeAsync(filter);
      };
      if (!(await subscribed(client, filter))) {
        await forget();
        throw new MqttError("peer-refused", "subscription-refused", `${url} does not let ${username} subscribe to ${filter}`, { filter });
      }
      return forget;
    },
    async close() {
      // What the broker refuses it never acknowledges: going in order would then wait for ever.
      await Promise.race([Promise.allSettled(underWay), delay(LEAVE_WITHIN_MS, undefined, { ref: false })]);
      await client.endAsync(underWay.size > 0);
    },
  };
}

async function connectFirst(url: string, options: IClientOptions): Promise<MqttClient> {
  try {
    return await connectAsync(url, options, false);
  } catch (cause) {
    // CONNACK 4 and 5: bad username or password, not authorized.
    if (cause instanceof ErrorWithReasonCode && (cause.code === 4 || cause.code === 5)) {
      throw new MqttError("peer-refused", "not-authorized", `the MQTT broker at ${url} refused ${options.username}: wrong username, password or client identifier`, {}, cause);
    }
    throw new MqttError("link", "unreachable", `no MQTT broker answers at ${url}: ${reason(cause)}`, {}, cause);
  }
}

async function subscribed(client: MqttClient, filter: string): Promise<boolean> {
  try {
    await client.subscribeAsync(filter, { qos: QOS });
    return true;
  } catch (error) {
    if (error instanceof ErrorWithSubackPacket && error.packet.granted.includes(REFUSED)) return false;
    throw error;
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
