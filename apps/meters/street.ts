import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Log } from "@metersmith/base/log";
import type { Meter, MeterModel } from "@metersmith/meter";
import { openCertificateAuthority, type CertificateAuthority } from "@metersmith/node/certificate-authority";
import { workerRunner } from "@metersmith/node/firmware/worker-runner";
import { systemClock } from "@metersmith/node/system-clock";
import { asBuilt, changeKey } from "./as-built.ts";
import { deliveryOf, keysOf, manufacturer, type DeliveredC1222, type DeliveredMeter } from "./delivered-meter.ts";
import { readDeviceModel } from "./device-models.ts";
import { scenarioCard } from "./card-access.ts";
import type { ScenarioCard } from "./scenario/card-happenings.ts";
import { ensureClientCertificates } from "./https/client-certificates.ts";
import { loopbackAddress } from "./loopback-address.ts";
import { startMeasuringRounds } from "./measuring-rounds.ts";
import { makeMeter, openToNetworks, type PoweredMeter, type PowerUp } from "./powered-meter.ts";
import { announcePresence, type Presence } from "./presence.ts";
import { carryReports } from "./reports/courier.ts";
import { reportMessage } from "./reports/report-message.ts";
import { findScenario } from "./scenario/find-scenario.ts";
import { setStage } from "./scenario/stage.ts";
import type { Turn } from "./scenario/scenario-plan.ts";
import { openGroupEars, type GroupEars } from "./sockets/group-ears.ts";
import { registerMeter, type RegisteringMeter } from "./sockets/registration.ts";
import { openStreetState, type AsBuiltMeter } from "./state/street-state.ts";
import type { StreetConfig } from "./street-config.ts";
import { StreetError } from "./street-error.ts";
import { trustedKeys } from "./trusted-keys.ts";

export interface Street {
  readonly meters: readonly DeliveredMeter[];
  /** UDP ports on which the groups asked for are heard, in their order. */
  readonly groupPorts: readonly number[];
  /**
   * Gives a meter a new C12.22 key at once, durable on return; the one so far opens for so many hours. Returns the keys that it holds now. Throws
   * `bad-configuration` for a serial number of no meter.
   */
  changeKey(serial: string, overlapHours: number): DeliveredC1222["keys"];
  stop(): Promise<void>;
}

export interface StreetWatcher {
  /** How many of the meters answer. */
  readonly onProgress?: (done: number, total: number) => void;
  /** What the scenario does. */
  readonly onTurn?: (turn: Turn) => void;
}

/** Meters that are put under power in one go. */
const atOnce = 100;
/** Octet of table 0 at which DEVICE_CLASS begins. */
const deviceClassAt = 3;

const deviceTypes = fileURLToPath(new URL("../../device-types", import.meta.url));

/** Powers up the meters, new ones made as they are needed, and listens. Everything that was opened is closed where it fails. */
export async function startStreet(config: StreetConfig, log: Log, { onProgress = () => {}, onTurn = () => {} }: StreetWatcher = {}): Promise<Street> {
  const scenario = config.scenario === undefined ? undefined : await findScenario(config.scenario);
  const trust = config.trust && { trust: await trustedKeys(config.trust) };
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const state = openStreetState(join(config.home, "street.sqlite"));
  // What ends the street, last to first.
  const undo: (() => unknown)[] = [() => state.close()];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const runner = workerRunner();
    undo.push(() => runner.stop());
    const meters: PoweredMeter[] = [];
    undo.push(() => Promise.all(meters.map((one) => one.switchOff())));
    const groups: GroupEars[] = [];
    undo.push(() => groups.forEach((group) => group.close()));
    for (const on of config.multicast ?? []) groups.push(await openGroupEars(on, config.udpPort ?? config.port));

    const https = await configurationInterface(config);
    const built = asBuilt(state, config);
    const stage = setStage(scenario, built, state, systemClock);
    const models = new Map<string, MeterModel>();
    for (const deviceType of new Set(built.map((one) => one.deviceType))) models.set(deviceType, await readDeviceModel(deviceTypes, deviceType, runner));
    for (let first = 0; first < built.length; first += atOnce) {
      // Before anybody can be answered: what they keep as they come up is kept in one go.
      const made = state.together(() => built.slice(first, first + atOnce).map((one) => makeMeter(one, modelOf(models, one), state, { ...stage.surroundings(one.position), ...trust })));
      undo.push(() => made.forEach(({ meter }) => meter.switchOff()));
      for (const one of made) meters.push(await openToNetworks(one, { groups, rule: config.sessions ?? "together", https, ...placesOf(config, one.built) }, state, log));
      onProgress(meters.length, built.length);
    }
    if (https) await ensureClientCertificates(https.folder, https.authority, [...new Set([...models.values()].flatMap(({ levels }) => levels))], systemClock.now());

    const { registrar, mqtt } = config;
    if (registrar) {
      const registered = meters.map((one) => registerMeter(registration(one, groups.length > 0), registrar, log));
      undo.push(() => Promise.all(registered.map((node) => node.leave())));
    }
    if (mqtt) {
      const presence = await announcePresence(mqtt, meters.length, log);
      undo.push(() => presence.leave().catch((error: unknown) => log.warn("the street left without saying so", { error })));
      const carried = meters.map(({ meter, built }) => carry(meter, built, mqtt.topics, presence, log));
      undo.push(() => carried.forEach((end) => end()));
    }
    undo.push(startMeasuringRounds(meters.map(({ meter }) => meter), stage.clock, log, (work) => state.together(work)));
    undo.push(stage.play(onTurn, (position) => cardOf(meters[position], log)));
    log.info("street is up", { meters: meters.length });
    return {
      meters: meters.map((one) => deliveryOf(one, state)),
      groupPorts: groups.map(({ port }) => port),
      changeKey(serial, overlapHours) {
        const one = meters.find(({ built }) => built.serial === serial);
        if (!one) throw new StreetError("misuse", "bad-configuration", `No meter of this street has the serial number ${serial}.`, { field: "serial" });
        one.keys.rotate(...changeKey(state, one.built.position, overlapHours));
        return keysOf(one.built, state);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function cardOf(meter: PoweredMeter | undefined, log: Log): ScenarioCard | undefined {
  return meter && scenarioCard(meter.board, meter.built.serial, log);
}

function modelOf(models: ReadonlyMap<string, MeterModel>, { deviceType }: AsBuiltMeter): MeterModel {
  const model = models.get(deviceType);
  if (!model) throw new TypeError(`no model of ${deviceType} was read`);
  return model;
}

/** What the configuration interfaces of all meters share: undefined where none is asked for. */
async function configurationInterface({ home, httpsPort: port }: StreetConfig): Promise<{ readonly folder: string; readonly authority: CertificateAuthority; readonly port: number } | undefined> {
  if (port === undefined) return undefined;
  const folder = join(home, "https");
  return { folder, port, authority: await openCertificateAuthority(folder, "Metersmith demonstration street", systemClock.now()) };
}

/** Takes the reports of a meter to the broker. */
function carry(meter: Meter, { serial }: AsBuiltMeter, site: string, presence: Presence, log: Log): () => void {
  return carryReports(meter, (report) => presence.event(reportMessage({ manufacturer, serial, site }, report, systemClock.now())), log);
}

function placesOf({ base, port, udpPort = port, ipv6Port, ipv6Host = "::1" }: StreetConfig, { position }: AsBuiltMeter): Pick<PowerUp, "ipv4" | "ipv6"> {
  const own = ipv6Port === 0 ? 0 : (ipv6Port ?? 0) + position;
  return { ipv4: { host: loopbackAddress(base, position + 1), port, udpPort }, ipv6: ipv6Port === undefined ? undefined : { host: ipv6Host, port: own, udpPort: own } };
}

function registration({ built, model, title, keys, ipv4 }: PoweredMeter, hearsGroups: boolean): RegisteringMeter {
  const deviceClass = model.images.get(0)?.slice(deviceClassAt, deviceClassAt + 4) ?? new Uint8Array(4);
  return { serial: built.serial, title, keys, deviceClass, place: { host: ipv4.host, port: ipv4.udpPort }, hearsGroups };
}
