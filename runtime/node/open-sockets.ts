import type { Socket } from "node:net";

interface Open {
  readonly from: string;
  /** When it was last heard, milliseconds of a steady clock. */
  readonly heard: number;
}

/**
 * The connections of a listener, bounded in number. Where they are all in use, a new one takes the place of the one that has been quiet for longest, if for
 * long enough; or of the quietest of the address that holds most of them, if the newcomer's would still hold fewer. So neither connections that are opened and
 * left, nor one peer that opens many, keep others out.
 */
export class OpenSockets {
  /** The quietest first. */
  readonly #open = new Map<Socket, Open>();
  readonly #most: number;
  readonly #yieldsAfter: number;

  /** `yieldsAfter`: milliseconds without an octet after which a connection makes room. */
  constructor(most: number, yieldsAfter: number) {
    this.#most = most;
    this.#yieldsAfter = yieldsAfter;
  }

  /** False where there is no room for it. */
  takes(socket: Socket): boolean {
    const from = socket.remoteAddress ?? "";
    if (this.#open.size >= this.#most) {
      const displaced = this.#quietest() ?? this.#ofTheGreediest(from);
      if (!displaced) return false;
      this.#open.delete(displaced);
      displaced.destroy();
    }
    const note = (): void => {
      this.#open.delete(socket);
      this.#open.set(socket, { from, heard: performance.now() });
    };
    note();
    socket.on("data", note);
    socket.once("close", () => this.#open.delete(socket));
    return true;
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #quietest(): Socket | undefined {
    const [first] = this.#open;
    return first && performance.now() - first[1].heard >= this.#yieldsAfter ? first[0] : undefined;
  }

  #ofTheGreediest(newcomer: string): Socket | undefined {
    const held = new Map<string, Socket[]>();
    for (const [socket, { from }] of this.#open) held.set(from, [...(held.get(from) ?? []), socket]);
    const [greediest] = [...held.values()].toSorted((a, b) => b.length - a.length);
    return greediest && greediest.length > (held.get(newcomer)?.length ?? 0) + 1 ? greediest[0] : undefined;
  }
}
