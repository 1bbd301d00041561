import type { DatagramListener, Datagrams } from "@metersmith/base/datagrams";
import { systemClock } from "@metersmith/node/system-clock";
import { openUdp } from "@metersmith/node/udp-datagrams";
import { overDatagrams, type C1222Server } from "@metersmith/psem";

/** Groups that C12.22 nodes listen to. Source: RFC 6142. */
export const groups = { ipv4: "224.0.2.4", ipv6: "ff02::204" } as const;

/** A socket that hears a multicast group for many meters: each has a message of its own, and answers by its own socket. */
export interface GroupEars {
  readonly port: number;
  readonly family: keyof typeof groups;
  join(server: C1222Server, answers: Datagrams): void;
  close(): void;
}

/** `on`: a local IPv4 address, or "::%lo", of the network that the group is joined on. The socket is bound to the group, so that it hears nothing else. */
export async function openGroupEars(on: string, port: number): Promise<GroupEars> {
  const family = on.includes(":") ? "ipv6" : "ipv4";
  const group = groups[family];
  const zone = family === "ipv6" ? on.replace(/^[^%]*/, "") : "";
  const socket = await openUdp({ host: `${group}${zone}`, port, groups: [group], groupsOn: on });
  const listeners = new Set<DatagramListener>();
  socket.listen({
    received: (bytes, from) => {
      for (const listener of listeners) listener.received(bytes, from);
    },
    closed: (reason) => {
      for (const listener of listeners) listener.closed(reason);
    },
  });
  return {
    port: socket.address.port,
    family,
    join(server, answers) {
      const ear: Datagrams = { listen: (listener) => void listeners.add(listener), send: (bytes, to) => answers.send(bytes, to), close: () => {} };
      server.attachGroup(overDatagrams(ear, systemClock));
    },
    close: () => socket.close(),
  };
}
