import { connectMqtt } from "@metersmith/mqtt/mqtt-link";
import type { SiteModule } from "@metersmith/site/site-module";
import { z } from "zod";
import { concentrator } from "./api/contract.ts";
import { presenceOf } from "./rules/presence.ts";
import { listConcentrators, networkMigrations, type NetworkTables, recordPresence } from "./store/concentrators.ts";

/** The lines to the field: who is there, since when. */
export function networkModule(): SiteModule {
  return {
    name: "network",
    migrations: networkMigrations,
    async mount({ server, config, work, clock, log }) {
      server.get(
        "/api/v1/concentrators",
        {
          config: { access: { permission: "meter.view" } },
          schema: { response: { 200: z.object({ items: z.array(concentrator), after: z.null() }) } },
        },
        async ({ tx }) => ({ items: await listConcentrators(tx<NetworkTables>()), after: null }),
      );

      if (!config.mqtt) return;
      const { url, username, password } = config.mqtt;
      const link = await connectMqtt({ url, username, password, clientId: username, log });
      // One write after the other: away and back within a moment must not end as away.
      let recorded: Promise<void> = Promise.resolve();
      await link.subscribe(`ms/1/${config.slug}/+/presence`, (topic, payload) => {
        const presence = presenceOf(topic, payload);
        if (!presence) return log.warn("a presence message was not understood", { topic, octets: payload.length });
        recorded = recorded
          .then(() => work.note<NetworkTables, void>((tx) => recordPresence(tx, presence, new Date(clock.now()))))
          .catch((error: unknown) => log.error("presence not recorded", { topic, error }));
      });
      server.addHook("onClose", async () => {
        await link.close();
        await recorded;
      });
    },
  };
}
