import type { Log } from "@metersmith/base/log";
import { connectMqtt, type MqttLink } from "@metersmith/mqtt/mqtt-link";
import type { StreetMqtt } from "./street-config.ts";

/** Tells the head-end that the street is there: retained, and taken back by the broker when the street vanishes. */
export interface Presence {
  /** Settles when the broker has it; waits through an outage. To the street's topic `event`. */
  event(message: Uint8Array): Promise<void>;
  leave(): Promise<void>;
}

/** Publishes `{online, meters, at}` to the street's topic `presence`; `at` in ISO 8601, UTC. */
export async function announcePresence(mqtt: StreetMqtt, meters: number, log: Log): Promise<Presence> {
  const topic = `${mqtt.topics}/presence`;
  const message = (online: boolean): Uint8Array => new TextEncoder().encode(JSON.stringify({ online, meters, at: new Date().toISOString() }));
  const link: MqttLink = await connectMqtt({
    url: mqtt.url, username: mqtt.username, password: mqtt.password, clientId: mqtt.username, log,
    will: { topic, payload: new TextEncoder().encode(JSON.stringify({ online: false, meters })), retain: true },
  });
  await link.publish(topic, message(true), true);
  return {
    event: (event) => link.publish(`${mqtt.topics}/event`, event),
    async leave() {
      // Closing waits a moment for it to be acknowledged, and no longer: a broker that died together with the supervisor never will.
      if (link.connected) link.publish(topic, message(false), true).catch((error: unknown) => log.warn("the street left without saying so", { error }));
      await link.close();
    },
  };
}
