import { serviceCode } from "../../services/request.ts";
import { requestTrace } from "../../services/service-trace.ts";
import { decodeLogon, decodeSecurity, networkCode } from "./session-services.ts";

const networkWords: ReadonlyMap<number, string> = new Map([
  [networkCode.register, "register"],
  [networkCode.deregister, "deregister"],
  [networkCode.resolve, "resolve a title"],
  [networkCode.trace, "trace the way"],
]);

/** "< request: read table 54". Never table data, never a password. */
export function messageTrace(direction: "<" | ">", service: Uint8Array): string {
  const words = ownWords(service);
  return words === undefined ? requestTrace(direction, service) : `${direction} request: ${words}`;
}

function ownWords(service: Uint8Array): string | undefined {
  const code = service[0] ?? 0;
  if (code === serviceCode.logon) {
    const logon = decodeLogon(service);
    return logon?.idleTimeout === undefined ? undefined : `log on user ${logon.userId}, idle for at most ${logon.idleTimeout} s`;
  }
  if (code === serviceCode.security) {
    const userId = decodeSecurity(service)?.userId;
    return userId === undefined ? undefined : `accept the password of user ${userId}, for this message`;
  }
  return networkWords.get(code);
}
