export { crc16 } from "./crc16.ts";
export { PsemError, type PsemErrorCode } from "./psem-error.ts";
export type { CallOptions, Negotiated, PsemClient } from "./client/psem-client.ts";
export { openPsemClient, type PsemClientOptions } from "./client/open-psem-client.ts";
export type { PsemDevice, SessionEnd } from "./server/psem-device.ts";
export { servePsem, type PsemServerOptions } from "./server/serve-psem.ts";
export type { Feature, Identification } from "./services/identification.ts";
export { responseCodes, responseNamed, responseOf, type Accepted, type Refusal, type ResponseCode } from "./services/response-code.ts";
export { baseSize, defaultTimeouts, type LinkSize, type LinkTimeouts } from "./link/link-settings.ts";
