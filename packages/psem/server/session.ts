import { concatBytes } from "@metersmith/base/bytes";
import { PsemError } from "../psem-error.ts";
import { baseBaud, baseSize, largestPacket, messageCapacity, smallestPacket, type LinkSize } from "../link/link-settings.ts";
import { baudOfCode, codeOfBaud } from "../services/baud-code.ts";
import { decodeRequest } from "../services/decode-request.ts";
import { encodeIdentification } from "../services/identification.ts";
import type { Request, Timing } from "../services/request.ts";
import { responseNamed, type Refusal, type ResponseCode } from "../services/response-code.ts";
import { encodeTableData, largestTableData } from "../services/table-data.ts";
import type { PsemDevice } from "./psem-device.ts";

/** Base → identified by Identification, → session by Logon; back by Logoff and Terminate. Source: docs/reference/c1218.md 6. */
export type SessionStage = "base" | "identified" | "session";

export interface SessionState {
  readonly stage: SessionStage;
  /** What an answer may fill. */
  readonly size: LinkSize;
  /** Bits per second in use. */
  readonly baud: number;
}

/** The most that a negotiation agrees on. */
export interface SessionLimits {
  readonly size: LinkSize;
  /** Bits per second. */
  readonly bauds: ReadonlySet<number>;
  /** There is a connection that can be dropped; without one the service is not supported. */
  readonly hangsUp: boolean;
}

/** What takes effect when the answer has been acknowledged, except `wait`, which begins with the answer. */
export type SessionConsequence =
  | { readonly kind: "resize"; readonly size: LinkSize; readonly baud: number }
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "timing"; readonly timing: Timing }
  | { readonly kind: "terminate" }
  | { readonly kind: "hang-up" };

export function startSession(): SessionState {
  return { stage: "base", size: baseSize, baud: baseBaud };
}

export interface SessionStep {
  readonly state: SessionState;
  readonly answer: Uint8Array;
  readonly consequence?: SessionConsequence;
}

const legalIn: Readonly<Record<Exclude<Request["service"], "unsupported">, readonly SessionStage[]>> = {
  identify: ["base"],
  negotiate: ["identified"],
  logon: ["identified"],
  timing: ["identified"],
  wait: ["identified", "session"],
  terminate: ["base", "identified", "session"],
  disconnect: ["base", "identified", "session"],
  security: ["session"],
  read: ["session"],
  "read-offset": ["session"],
  "read-index": ["session"],
  "read-default": ["session"],
  write: ["session"],
  "write-offset": ["session"],
  "write-index": ["session"],
  "write-default": ["session"],
  logoff: ["session"],
};

/**
 * The session at the server end as a reducer over the device. Malformed requests and wrong table checksums draw `err`,
 * services not offered `sns`, services out of their state `isss`; only what passes reaches the device.
 */
export function answerRequest(state: SessionState, message: Uint8Array, device: PsemDevice, limits: SessionLimits): SessionStep {
  let request: Request;
  try {
    request = decodeRequest(message);
  } catch (error) {
    if (error instanceof PsemError) return refuse(state, "err");
    throw error;
  }
  if (request.service === "unsupported") return refuse(state, "sns");
  if (!legalIn[request.service].includes(state.stage)) return refuse(state, "isss");
  switch (request.service) {
    case "identify":
      return identify(state, device);
    case "negotiate":
      return negotiate(state, request, limits);
    case "wait":
      return { state, answer: accepted(), consequence: { kind: "wait", milliseconds: request.seconds * 1000 } };
    case "timing": {
      if (!bearable(request.timing)) return refuse(state, "err");
      return { state, answer: accepted(), consequence: { kind: "timing", timing: request.timing } };
    }
    case "terminate":
      return { state, answer: accepted(), consequence: { kind: "terminate" } };
    case "disconnect":
      return limits.hangsUp ? { state, answer: accepted(), consequence: { kind: "hang-up" } } : refuse(state, "sns");
    case "logon": {
      const user = String.fromCharCode(...request.user).replace(/[ \0]+$/, "");
      const code = device.logon(request.userId, user);
      return coded(code === "ok" ? { ...state, stage: "session" } : state, code);
    }
    case "logoff": {
      const code = device.logoff();
      return coded(code === "ok" ? { ...state, stage: "identified" } : state, code);
    }
    case "security":
      return coded(state, device.security(request.password));
    case "read":
      return table(state, device.read(request.table));
    case "read-offset":
      return table(state, device.readOffset(request.table, request.offset, request.count));
    case "read-index":
      return table(state, device.readIndex?.(request.table, request.indices, request.count) ?? "sns");
    case "read-default":
      return table(state, device.readDefault?.() ?? "sns");
    case "write":
      return coded(state, device.write(request.table, request.bytes));
    case "write-offset":
      return coded(state, device.writeOffset(request.table, request.offset, request.bytes));
    case "write-index":
      return coded(state, device.writeIndex?.(request.table, request.indices, request.bytes) ?? "sns");
    case "write-default":
      return coded(state, device.writeDefault?.(request.bytes) ?? "sns");
  }
}

function identify(state: SessionState, device: PsemDevice): SessionStep {
  const answer = accepted(encodeIdentification(device.identification()));
  const room = messageCapacity(state.size);
  return answer.length > room ? tooLarge(state, room) : { state: { ...state, stage: "identified" }, answer };
}

/** Longest time that a client which has vanished may hold a link, by the times it asked for, in seconds. Ours: without a bound one packet would hold it for a day. */
const longestHold = 600;

function bearable({ channelTraffic, interCharacter, response, retries }: Timing): boolean {
  return Math.min(channelTraffic, interCharacter, response) > 0 && channelTraffic + response * (retries + 1) <= longestHold;
}

function negotiate(state: SessionState, request: Extract<Request, { service: "negotiate" }>, limits: SessionLimits): SessionStep {
  if (request.packetSize < smallestPacket || request.packets < 1) return refuse(state, "err");
  const size: LinkSize = {
    packetSize: Math.min(request.packetSize, limits.size.packetSize, largestPacket),
    packets: Math.min(request.packets, limits.size.packets),
  };
  const baud = request.baudCodes.map(baudOfCode).find((rate) => rate !== undefined && limits.bauds.has(rate)) ?? state.baud;
  const answer = accepted(Uint8Array.of(size.packetSize >> 8, size.packetSize & 0xff, size.packets, codeOfBaud(baud) ?? 0));
  return { state: { ...state, size, baud }, answer, consequence: { kind: "resize", size, baud } };
}

function table(state: SessionState, content: Uint8Array | Refusal): SessionStep {
  if (typeof content === "string") return refuse(state, content);
  const room = messageCapacity(state.size);
  if (content.length > largestTableData || content.length + 4 > room) return tooLarge(state, room);
  return { state, answer: accepted(encodeTableData(content)) };
}

/** `rstl` with the largest answer as u32 (docs/reference/c1218.md 5). Its use on a C12.18 link is ours: the link's own standard leaves open what a meter says here. */
function tooLarge(state: SessionState, room: number): SessionStep {
  const size = new Uint8Array(5);
  new DataView(size.buffer).setUint32(1, room);
  size[0] = responseNamed("rstl").code;
  return { state, answer: size };
}

function coded(state: SessionState, code: ResponseCode): SessionStep {
  return { state, answer: Uint8Array.of(responseNamed(code).code) };
}

function refuse(state: SessionState, code: Refusal): SessionStep {
  return coded(state, code);
}

function accepted(body: Uint8Array = new Uint8Array(0)): Uint8Array {
  return concatBytes(Uint8Array.of(responseNamed("ok").code), body);
}
