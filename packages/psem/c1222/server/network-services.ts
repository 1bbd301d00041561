import { concatBytes } from "@metersmith/base/bytes";
import { PsemError } from "../../psem-error.ts";
import { responseNamed, type Refusal, type ResponseCode } from "../../services/response-code.ts";
import { encodeTitle, type ApTitle } from "../apdu/ap-title.ts";
import { decodeOneTitle, decodeRegistration, decodeTitles, encodeRegistered, type Registered, type Registration } from "../epsem/registration.ts";
import { networkCode } from "../epsem/session-services.ts";

/** Who asks for a network service, as far as the message proved it. */
export interface Caller {
  /** Its calling title; absent where a node has none yet. */
  readonly title: ApTitle | undefined;
}

/** What a relay or master relay adds to a node. Each answers with a response code where it refuses. */
export interface NetworkServices {
  register(registration: Registration, caller: Caller): Registered | Refusal;
  deregister(title: ApTitle, caller: Caller): ResponseCode;
  /** The native address of a node. */
  resolve(title: ApTitle): Uint8Array | Refusal;
  /** The way so far, as the message brought it, with this node's own title behind. */
  trace(way: readonly ApTitle[]): readonly ApTitle[] | Refusal;
}

/** The answer to a network service, or undefined where `request` is none. Malformed ones draw `err`. */
export function answerNetworkService(request: Uint8Array, caller: Caller, network: NetworkServices | undefined): Uint8Array | undefined {
  const code = request[0];
  if (code === undefined || code < networkCode.deregister || code > networkCode.register) return undefined;
  if (!network) return refused("sns");
  const body = request.subarray(1);
  try {
    switch (code) {
      case networkCode.register: {
        const registered = network.register(decodeRegistration(body), caller);
        return typeof registered === "string" ? refused(registered) : ok(encodeRegistered(registered));
      }
      case networkCode.deregister:
        return refused(network.deregister(decodeOneTitle(body), caller));
      case networkCode.resolve: {
        const address = network.resolve(decodeOneTitle(body));
        return typeof address === "string" ? refused(address) : ok(Uint8Array.of(address.length), address);
      }
      default: {
        const way = network.trace(decodeTitles(body));
        return typeof way === "string" ? refused(way) : ok(...way.map(encodeTitle));
      }
    }
  } catch (error) {
    if (error instanceof PsemError) return refused("err");
    throw error;
  }
}

function ok(...body: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(responseNamed("ok").code), ...body);
}

/** One octet; also of `ok` where nothing follows it. */
function refused(code: ResponseCode): Uint8Array {
  return Uint8Array.of(responseNamed(code).code);
}
