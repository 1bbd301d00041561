import { isFailure } from "@metersmith/base/errors";
import type { Connecting, Credentials, MeterClient } from "./meter-client.ts";

/**
 * Connects, runs `use`, and ends the session however that went: one that is left open keeps others out, at the rate agreed on, until the meter
 * has waited long enough. Only a meter that did not answer is not asked once more. The channel stays the caller's to close where this rejects.
 */
export async function inSession<Result>(meter: MeterClient, credentials: Credentials, use: (meter: MeterClient) => Promise<Result>, options: Connecting = {}): Promise<Result> {
  let answers = true;
  try {
    await meter.connect(credentials, options);
    return await use(meter);
  } catch (error) {
    answers = !(isFailure(error) && error.kind === "link");
    throw error;
  } finally {
    if (answers && meter.identification) await meter.disconnect();
  }
}
