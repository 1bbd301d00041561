import { Failure } from "@metersmith/base/errors";

export type MqttErrorCode = "unreachable" | "not-authorized" | "port-taken" | "subscription-refused" | "publish-failed" | "bad-filter";

/** What fails between us and an MQTT broker. */
export class MqttError extends Failure<MqttErrorCode> {}
