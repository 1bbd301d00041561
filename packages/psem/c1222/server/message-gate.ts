import { toHex } from "@metersmith/base/bytes";
import type { EpochMillis } from "@metersmith/base/clock";
import { crc16 } from "../../crc16.ts";
import { PsemError } from "../../psem-error.ts";
import { serviceCode } from "../../services/request.ts";
import type { Refusal } from "../../services/response-code.ts";
import { titleKey } from "../apdu/ap-title.ts";
import { qualifierBit, unsignedOf, type Apdu } from "../apdu/apdu.ts";
import type { DecodedApdu } from "../apdu/decode-apdu.ts";
import { badApdu } from "../ber/ber-reader.ts";
import { decodeControl, type SecurityMode } from "../epsem/epsem.ts";
import { keysFor, type KeyRing, type KeySource } from "../security/key-ring.ts";
import { macLength } from "../security/eax-prime.ts";
import { openApdu, type Opened } from "../security/protection.ts";
import type { ReplayMemory } from "../security/replay-memory.ts";
import type { Association, Associations } from "./association.ts";

/** A message that may be looked into. */
export interface Admitted {
  readonly apdu: Apdu;
  readonly opened: Opened;
  /** Whom sessions belong to: the calling title, or the way it came where there is none. */
  readonly sender: string;
  /** The calling title under this key: whose invocations they are. */
  readonly source: string;
  /** Different for every message of a source, equal for a message sent again. */
  readonly mark: string;
  /** It belongs to the session that its sender has open, where one is. */
  readonly member: boolean;
}

/** How a message is refused that is authentic and not fresh. */
export interface Stale {
  readonly code: Refusal;
  readonly why: PsemError;
}

export interface GateSettings {
  readonly keys: KeySource | undefined;
  readonly base: Uint8Array;
  readonly least: SecurityMode;
  readonly associations: Associations;
  readonly replays: ReplayMemory;
}

/** What stands between a carrier and the services: form, authenticity, freshness, in this order. */
export class MessageGate {
  readonly #settings: GateSettings;

  constructor(settings: GateSettings) {
    this.#settings = settings;
  }

  /** Throws `bad-apdu`, `unknown-key` and `not-authentic`. `from` names the way it came. */
  admit(decoded: DecodedApdu, wire: Uint8Array, from: string, now: EpochMillis): Admitted {
    const { apdu } = decoded;
    const { base, associations } = this.#settings;
    const keys = keysFor(this.#settings.keys, apdu.calling);
    if (apdu.fullSize !== undefined) throw badApdu("a segment where a whole message was expected", 0);
    if (!apdu.callingInvocation) throw badApdu("no calling invocation", 0);
    if (apdu.calledInvocation) throw badApdu("a called invocation: it is an answer, and nothing was asked", 0);
    const title = apdu.calling && apdu.calling.octets.length > 0 ? titleKey(apdu.calling, base) : undefined;
    const sender = title ?? `@${from}`;
    const association = associations.get(sender);
    const opened = openApdu(decoded, { keys, base, now }, 0, association?.use);
    const member = this.#belongs(opened, association, keys, now);
    const invocation = unsignedOf(apdu.callingInvocation);
    const code = toHex(wire.subarray(-macLength));
    const mark = opened.use ? `${toHex(opened.use.iv)}/${invocation}/${code}` : `${invocation}/${wire.length}/${crc16(wire)}`;
    // Those without a title are one source: no code covers the way a message came, so a recorded one may come from anywhere.
    const source = opened.use ? `${title ?? "@"}/${opened.use.keyId}` : `${sender}/clear`;
    return { apdu, opened, sender, source, mark, member };
  }

  /** How a message is refused that is not fresh; undefined where it is. Throws `replayed` where it is to be dropped without an answer. */
  refusesFreshness({ apdu, opened: { use }, source }: Admitted, now: EpochMillis): Stale | undefined {
    if (!use) return undefined;
    const ofSession = apdu.authentication?.iv === undefined;
    const mark = { time: unsignedOf(use.iv), invocation: unsignedOf(apdu.callingInvocation ?? new Uint8Array(0)), ofSession };
    switch (this.#settings.replays.judge(source, mark, now)) {
      case "fresh":
        return undefined;
      case "replayed":
        throw new PsemError("replayed", "A message arrived again that was taken before.");
      case "too-old":
        return { code: "sme", why: new PsemError("replayed", "A message arrived whose vector is older than this end takes. Check the clocks of both ends.") };
      case "too-early":
        return { code: "sme", why: new PsemError("replayed", "A message arrived whose vector lies in the future. Check the clocks of both ends.") };
      case "crowded":
        return { code: "bsy", why: new PsemError("replayed", "More senders than this end can remember.") };
    }
  }

  /**
   * Whether it is a message of the session. That is nobody else's: what is less protected than its logon, or under another key, is not its
   * client's. It goes on under the key that takes over from its own while that one still opens, so that a rotation breaks no session. What does not
   * belong to it is refused, but for an identification, and a logon that takes its place; neither gets at the session.
   */
  #belongs(opened: Opened, association: Association | undefined, keys: KeyRing | undefined, now: EpochMillis): boolean {
    const { mode } = opened.control;
    const session = association?.use;
    const { use } = opened;
    const sameKey = session === undefined || session.keyId === use?.keyId;
    const rotated = session !== undefined && use !== undefined && keys?.replaces(use.keyId, session.keyId, now) === true;
    const member = association !== undefined && mode >= association.mode && (sameKey || rotated);
    if (identifiesOnly(opened)) return member;
    const expected = Math.max(this.#settings.least, association?.mode ?? 0);
    if (mode < expected) {
      throw new PsemError("not-authentic", `A message in security mode ${mode} arrived; at least mode ${expected} is agreed.`, { expected, actual: mode });
    }
    const begins = opened.payload.services[0]?.[0] === serviceCode.logon;
    if (association !== undefined && !member && !begins) {
      throw new PsemError("not-authentic", `A message under key ${use?.keyId} arrived for a session under key ${session?.keyId}.`);
    }
    return member;
  }
}

/** Whether its sender waits for an answer: not to an answer, nor to a notification, nor where it says so. Two nodes that refuse each other would never end. */
export function expectsAnswer({ calledInvocation, qualifier = 0, content }: Apdu): boolean {
  if (calledInvocation || (qualifier & qualifierBit.notification) !== 0) return false;
  try {
    return decodeControl(content[0] ?? 0).response !== "never";
  } catch {
    return false;
  }
}

/** Identification tells nothing secret and changes nothing: anybody may ask. */
function identifiesOnly({ payload: { services } }: Opened): boolean {
  return services.length > 0 && services.every((service) => service.length === 1 && service[0] === serviceCode.identify);
}
