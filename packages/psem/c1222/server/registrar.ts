import type { Clock, EpochMillis } from "@metersmith/base/clock";
import { absoluteTitle, titleKey, type ApTitle } from "../apdu/ap-title.ts";
import { networkContext } from "../ber/object-identifier.ts";
import type { Registration } from "../epsem/registration.ts";
import type { Caller, NetworkServices } from "./network-services.ts";

export interface RegistrarOptions {
  /** This node's own title, which it adds to a trace. */
  readonly title: ApTitle;
  /** Gives a title to a node that has none, or undefined where it does not. */
  readonly assign?: (registration: Registration) => ApTitle | undefined;
  /** Registrations at a time; further ones are refused as `bsy`. 1,000 by default. */
  readonly most?: number;
  /** Longest period granted, in seconds; an hour by default. */
  readonly longestPeriod?: number;
  /** Seconds that nodes wait before they register again after a loss of power; 60 by default. */
  readonly delay?: number;
  readonly base?: Uint8Array;
}

interface Registered {
  /** Of the node that registered; who comes with another may not take its place while it lasts. */
  readonly serialNumber: string;
  readonly address: Uint8Array;
  readonly until: EpochMillis;
}

/**
 * A registrar in memory: who is registered, at which native address, until when. A node registers and deregisters itself: one that has a title
 * speaks for that title alone, and a title that is registered is not given to another serial number before it ends (ours: else any
 * holder of the network's key could draw another node's messages to itself). `isc` refuses both.
 */
export function registrar(clock: Clock, options: RegistrarOptions): NetworkServices {
  const { title: own, assign, most = 1000, longestPeriod = 3600, delay = 60, base = networkContext } = options;
  const nodes = new Map<string, Registered>();
  const forgetExpired = (): void => {
    for (const [key, { until }] of nodes) if (until <= clock.now()) nodes.delete(key);
  };
  const find = (title: ApTitle): Registered | undefined => {
    forgetExpired();
    return nodes.get(titleKey(title, base));
  };
  return {
    register(registration, caller) {
      forgetExpired();
      const title = registration.title.octets.length > 0 ? registration.title : assign?.(registration);
      if (!title) return "onp";
      const key = titleKey(title, base);
      const serialNumber = titleKey(registration.serialNumber, base);
      const known = nodes.get(key);
      const foreign = registration.title.octets.length > 0 && named(caller) && titleKey(caller.title, base) !== key;
      if (foreign || (known && known.serialNumber !== serialNumber)) return "isc";
      if (nodes.size >= most && !nodes.has(key)) return "bsy";
      const period = Math.min(registration.period || longestPeriod, longestPeriod);
      nodes.set(key, { serialNumber, address: registration.nativeAddress, until: clock.now() + period * 1000 });
      return { title: absoluteTitle(title, base), delay, period, information: 1 };
    },
    deregister(title, caller) {
      if (!find(title)) return "uat";
      const key = titleKey(title, base);
      if (!named(caller) || titleKey(caller.title, base) !== key) return "isc";
      nodes.delete(key);
      return "ok";
    },
    resolve: (title) => find(title)?.address ?? "uat",
    trace: (way) => [...way, own],
  };
}

function named(caller: Caller): caller is Caller & { readonly title: ApTitle } {
  return caller.title !== undefined && caller.title.octets.length > 0;
}
