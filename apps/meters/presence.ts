import type { Log } from "@metersmith/base/log";
import { connectMqtt, type MqttLink } from "@metersmith/mqtt/mqtt-link";
import type { StreetMqtt } from "./street-config.ts";

/** Tells the head-end that the street is there: retained, and taken back by the broker when the street vanishes. */
export interface Presence {
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
    async leave() {
      // A broker that is gone already has published the will, or will.
      if (link.connected) await link.publish(topic, message(false), true);
      await link.close();
    },
  };
}
