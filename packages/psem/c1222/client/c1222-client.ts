import type { PsemClient, CallOptions } from "../../client/psem-client.ts";
import type { ApTitle } from "../apdu/ap-title.ts";
import type { Registered, Registration } from "../epsem/registration.ts";

/**
 * The client end of C12.22: all that a C12.18 client does, so that what is built on one works over the other. What differs: nothing is
 * negotiated (`negotiate` tells what messages carry, and sends nothing); calls made at once travel in one message; a message that times out fails its own
 * calls and not those after it; a request whose answer is lost is sent again, and a peer that remembers it does nothing twice.
 */
export interface C1222Client extends PsemClient {
  /** Registers a node with a relay; by default this client's own title. */
  register(registration: Registration, options?: CallOptions): Promise<Registered>;
  deregister(title: ApTitle, options?: CallOptions): Promise<void>;
  /** The native address of a node. */
  resolve(title: ApTitle, options?: CallOptions): Promise<Uint8Array>;
  /** The titles of the nodes on the way. */
  trace(way: readonly ApTitle[], options?: CallOptions): Promise<readonly ApTitle[]>;
  /** Sends a whole table without being asked and without an answer: whether it arrives is not known. */
  notify(table: number, bytes: Uint8Array, options?: { readonly urgent?: boolean }): void;
}
