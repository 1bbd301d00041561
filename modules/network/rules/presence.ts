import { z } from "zod";

/** Payload of `ms/1/<utility>/<concentrator>/presence`, retained; the broker publishes `online: false` for one that vanishes. Ours. */
const payload = z.object({ online: z.boolean(), meters: z.int().min(0).max(10_000_000) });

export interface Presence {
  readonly concentrator: string;
  readonly online: boolean;
  readonly meters: number;
}

const MOST_OCTETS = 1024;

/** Undefined for a message that is none: a stranger's bytes on the topic change nothing. */
export function presenceOf(topic: string, message: Uint8Array): Presence | undefined {
  const [, , , name] = topic.split("/");
  if (name === undefined || !/^[\w.-]{1,64}$/.test(name) || message.length > MOST_OCTETS) return undefined;
  try {
    const parsed = payload.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(message)));
    return parsed.success ? { concentrator: name, ...parsed.data } : undefined;
  } catch {
    return undefined;
  }
}
