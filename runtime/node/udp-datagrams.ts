import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { DatagramAddress, DatagramListener, Datagrams } from "@metersmith/base/datagrams";
import { linkFailure, type LinkFailure } from "./link-failure.ts";
import { plainBytes } from "./plain-bytes.ts";

export interface OpenUdpOptions {
  /** The local address; by default every address of the family. An IPv6 address makes it an IPv6 socket. */
  readonly host?: string;
  /** The local port; by default one that the system chooses. C12.22 uses 1153. */
  readonly port?: number;
  /** Multicast groups to hear, of the socket's family: "224.0.2.4" or "ff05::204" are C12.22's. */
  readonly groups?: readonly string[];
  /** The local address, or for IPv6 "::%eth0", of the network that the groups are joined on. */
  readonly groupsOn?: string;
}

export interface UdpDatagrams extends Datagrams {
  /** Where it is bound. */
  readonly address: DatagramAddress;
}

/** Opens a socket and joins its groups, or rejects with `LinkFailure`. */
export function openUdp(options: OpenUdpOptions = {}): Promise<UdpDatagrams> {
  const { host, port = 0, groups = [], groupsOn } = options;
  const v6 = isIPv6(host ?? groups[0] ?? "");
  const place = { host: host ?? (v6 ? "::" : "0.0.0.0"), port };
  const socket = createSocket({ type: v6 ? "udp6" : "udp4", reuseAddr: groups.length > 0, ipv6Only: v6 });
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      socket.close();
      reject(linkFailure(`Opening UDP port ${port} of ${place.host} failed`, error, place));
    };
    socket.once("error", failed);
    socket.bind({ address: place.host, port }, () => {
      const refused = joinAll(socket, groups, groupsOn);
      if (refused) {
        socket.close();
        reject(refused);
        return;
      }
      socket.off("error", failed);
      resolve(new SocketDatagrams(socket));
    });
  });
}

function joinAll(socket: Socket, groups: readonly string[], on: string | undefined): LinkFailure | undefined {
  for (const group of groups) {
    try {
      socket.addMembership(group, on);
    } catch (error) {
      return linkFailure(`Joining the multicast group ${group} failed`, error, { group });
    }
  }
  return undefined;
}

class SocketDatagrams implements UdpDatagrams {
  readonly address: DatagramAddress;
  readonly #socket: Socket;
  #listener: DatagramListener | undefined;
  #error: Error | undefined;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    const { address, port } = socket.address();
    this.address = { host: address, port };
    socket.on("message", (bytes, from) => this.#listener?.received(plainBytes(bytes), { host: from.address, port: from.port }));
    socket.on("error", (error) => {
      this.#error = error;
      this.close();
    });
    socket.on("close", () => this.#end());
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
    if (this.#closed) this.#report();
  }

  send(bytes: Uint8Array, to: DatagramAddress): void {
    if (this.#closed || to.port === 0) return;
    // An error here concerns this datagram alone (no route, refused by the system): it is lost, as on the way.
    this.#socket.send(bytes.slice(), to.port, to.host, () => {});
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #end(): void {
    this.#closed = true;
    this.#report();
  }

  #report(): void {
    const { host, port } = this.address;
    this.#listener?.closed(this.#error && linkFailure(`UDP port ${port} of ${host} broke`, this.#error, { host, port }));
  }
}
