import type { EpochMillis } from "@metersmith/base/clock";
import { concatBytes } from "@metersmith/base/bytes";
import { packetOverhead } from "../../link/link-settings.ts";
import type { PsemDevice } from "../../server/psem-device.ts";
import { answerRequest, startSession, type SessionState, type SessionStep } from "../../server/session.ts";
import { encodeIdentification, type Feature } from "../../services/identification.ts";
import { serviceCode } from "../../services/request.ts";
import { responseNamed, type ResponseCode } from "../../services/response-code.ts";
import { securityMechanism } from "../ber/object-identifier.ts";
import type { SecurityMode } from "../epsem/epsem.ts";
import { decodeLogon, decodeSecurity, u16 } from "../epsem/session-services.ts";
import type { KeyUse } from "../security/protection.ts";
import type { Associations } from "./association.ts";
import { answerNetworkService, type Caller, type NetworkServices } from "./network-services.ts";

/** What the services of a node have to do with. */
export interface ServiceGround {
  readonly associations: Associations;
  readonly makeDevice: () => PsemDevice;
  readonly network: NetworkServices | undefined;
  /** Sessions at a time, for the identification. */
  readonly sessions: number;
  /** Longest idle time granted, seconds. */
  readonly longestIdle: number;
  readonly onFault: (error: unknown) => void;
}

/** One message whose sender has been proved as far as its mode goes. */
export interface AcceptedMessage {
  readonly sender: string;
  /** Whether it belongs to the session that its sender has open. */
  readonly member: boolean;
  readonly mode: SecurityMode;
  readonly use: KeyUse | undefined;
  /** Where it came from, for what services ask about that. */
  readonly caller: Caller;
  readonly services: readonly Uint8Array[];
  /** Octets that all answers together may fill. */
  readonly room: number;
  readonly now: EpochMillis;
}

/** The answers, and whether the connection that brought the message is to be dropped behind them. */
export interface ServiceAnswers {
  readonly answers: readonly Uint8Array[];
  readonly hangUp: boolean;
}

/** Octets that the length in front of an answer takes at most, in messages of ours. */
const lengthOctets = 3;

/**
 * Answers the services of one message in their order. Security with a user id opens a session that ends with the message; Logon one that lasts,
 * and takes the place of one that its client left open. Session services go to the device's session, all others to those of C12.18.
 */
export function answerServices(message: AcceptedMessage, ground: ServiceGround): ServiceAnswers {
  const all = new MessageAnswers(message, ground);
  return { answers: all.given(), hangUp: all.hangUp };
}

class MessageAnswers {
  hangUp = false;
  readonly #message: AcceptedMessage;
  readonly #ground: ServiceGround;
  /** The device of Security with a user id, for the rest of the message. */
  #passing: PsemDevice | undefined;
  #room: number;
  /** What does not belong to the sender's session must not find it, until its own logon has taken that session's place. */
  #member: boolean;

  constructor(message: AcceptedMessage, ground: ServiceGround) {
    this.#message = message;
    this.#ground = ground;
    this.#room = message.room;
    this.#member = message.member;
  }

  given(): readonly Uint8Array[] {
    this.#prolong();
    try {
      return this.#message.services.map((service) => {
        const answer = this.#guarded(service);
        this.#room = Math.max(0, this.#room - answer.length - lengthOctets);
        return answer;
      });
    } finally {
      this.#passed();
    }
  }

  #guarded(service: Uint8Array): Uint8Array {
    try {
      return this.#answer(service);
    } catch (error) {
      this.#ground.onFault(error);
      return coded("err");
    }
  }

  #answer(service: Uint8Array): Uint8Array {
    const network = answerNetworkService(service, this.#message.caller, this.#ground.network);
    if (network) return network;
    const code = service[0] ?? 0;
    if (code === serviceCode.logon) return this.#logon(service);
    if (code === serviceCode.security) return this.#security(service);
    if (code === serviceCode.identify) return this.#identify(service);
    if (code === serviceCode.disconnect) return this.#disconnect(service);
    // Nothing below a message is there to negotiate.
    if (code >= serviceCode.negotiate && code < serviceCode.wait) return coded("sns");
    const device = this.#device;
    if (!device) return answerRequest(startSession(), service, nobody, noLimits).answer;
    return this.#concluded(answerRequest(this.#openState(), service, device, noLimits));
  }

  get #association() {
    return this.#member ? this.#ground.associations.get(this.#message.sender) : undefined;
  }

  get #device(): PsemDevice | undefined {
    return this.#passing ?? this.#association?.device;
  }

  #logon(service: Uint8Array): Uint8Array {
    const { sender, mode, use, now } = this.#message;
    const { associations, longestIdle, makeDevice } = this.#ground;
    const logon = decodeLogon(service);
    if (!logon) return coded("err");
    if (!associations.makeRoom(sender)) return coded("bsy");
    associations.end(sender, "terminated");
    this.#member = true;
    const device = makeDevice();
    const code = device.logon(logon.userId, String.fromCharCode(...logon.user).replace(/[ \0]+$/, ""));
    if (code !== "ok") return coded(code);
    const seconds = Math.min(logon.idleTimeout || longestIdle, longestIdle);
    associations.set(sender, { device, mode, use, trusted: false, idle: seconds * 1000, expires: now + seconds * 1000 });
    return concatBytes(coded("ok"), Uint8Array.from(logon.idleTimeout === undefined ? [] : u16(seconds)));
  }

  #security(service: Uint8Array): Uint8Array {
    const security = decodeSecurity(service);
    if (!security) return coded("err");
    const open = this.#device;
    if (open) return this.#secured(open.security(security.password));
    if (security.userId === undefined) return coded("isss");
    const device = this.#ground.makeDevice();
    const logon = device.logon(security.userId, "");
    if (logon !== "ok") return coded(logon);
    this.#passing = device;
    const code = device.security(security.password);
    if (code !== "ok") this.#passed();
    return coded(code);
  }

  /** Legal without a session too: hanging up takes no rights. Over datagrams only the session ends. */
  #disconnect(service: Uint8Array): Uint8Array {
    if (service.length !== 1) return coded("err");
    this.#passed();
    if (this.#member) this.#ground.associations.end(this.#message.sender, "terminated");
    this.hangUp = true;
    return coded("ok");
  }

  #identify(service: Uint8Array): Uint8Array {
    if (service.length !== 1) return coded("err");
    const features: Feature[] = [
      { kind: "security-mechanism", oid: securityMechanism },
      { kind: "sessions", count: Math.min(this.#ground.sessions, 127), sessionless: true },
    ];
    const known = (this.#device ?? this.#ground.makeDevice()).identification();
    const own = known.features.filter(({ kind }) => kind === "device-class" || kind === "device-identity");
    return concatBytes(coded("ok"), encodeIdentification({ standard: 3, version: known.version, revision: known.revision, features: [...features, ...own] }));
  }

  #openState(): SessionState {
    return { ...startSession(), stage: "session", size: { packetSize: this.#room + packetOverhead, packets: 1 } };
  }

  #concluded({ state, answer, consequence }: SessionStep): Uint8Array {
    const { sender, now } = this.#message;
    const { associations } = this.#ground;
    const association = this.#association;
    if (state.stage !== "session" || consequence?.kind === "terminate") {
      if (this.#passing) this.#passed();
      else associations.end(sender, "terminated");
    } else if (consequence?.kind === "wait" && association && !this.#passing) {
      associations.set(sender, { ...association, expires: now + association.idle + consequence.milliseconds });
    }
    return answer;
  }

  /** A session whose client has given a password is never displaced by one whose client has not. */
  #secured(code: ResponseCode): Uint8Array {
    const association = this.#association;
    if (code === "ok" && association && !this.#passing) this.#ground.associations.set(this.#message.sender, { ...association, trusted: true });
    return coded(code);
  }

  /**
   * By messages of its own client: an identification in clear may come from anybody, in anybody's name. The gate lets another key pass only where it
   * takes over from the session's own: it is the session's from now on.
   */
  #prolong(): void {
    const { sender, now, use } = this.#message;
    const association = this.#association;
    if (!association) return;
    const rotated = association.use !== undefined && association.use.keyId !== use?.keyId;
    const kept = rotated ? use : association.use;
    this.#ground.associations.set(sender, { ...association, use: kept, expires: now + association.idle });
  }

  #passed(): void {
    const device = this.#passing;
    this.#passing = undefined;
    try {
      device?.terminated("terminated");
    } catch (error) {
      this.#ground.onFault(error);
    }
  }
}

const noLimits = { size: { packetSize: 0, packets: 0 }, bauds: new Set<number>(), hangsUp: false };

/** Never reached: in the base state no service of C12.18 but identification gets to a device. */
const nobody: PsemDevice = {
  identification: () => ({ standard: 3, version: 0, revision: 0, features: [] }),
  logon: () => "isss",
  security: () => "isss",
  read: () => "isss",
  readOffset: () => "isss",
  write: () => "isss",
  writeOffset: () => "isss",
  logoff: () => "isss",
  terminated: () => {},
};

function coded(code: ResponseCode): Uint8Array {
  return Uint8Array.of(responseNamed(code).code);
}
