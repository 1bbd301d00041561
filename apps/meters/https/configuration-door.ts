import type { Clock } from "@metersmith/base/clock";
import type { Log } from "@metersmith/base/log";
import type { MeterModel } from "@metersmith/meter";
import { Trust } from "@metersmith/images";
import { answerWebRequest, ImageInterface, NicError, problem, type BoardAccess, type CardMemory } from "@metersmith/nic";
import { day, type CertificateAuthority } from "@metersmith/node/certificate-authority";
import { serveMutualTls, type MutualTlsServer } from "@metersmith/node/mutual-tls-server";
import type { PsemDevice } from "@metersmith/psem";
import type { AsBuiltMeter } from "../state/street-state.ts";

export interface ConfigurationDoor {
  readonly built: AsBuiltMeter;
  readonly model: MeterModel;
  readonly place: { readonly host: string; readonly port: number };
  readonly authority: CertificateAuthority;
  /** A connection to the board, under arbitration as one of the network's. */
  readonly open: (lost?: () => void) => PsemDevice;
  /** The card's own. */
  readonly memory: CardMemory;
  /** Whose images it takes; nobody's where absent. */
  readonly trust: Trust | undefined;
}

/** C12.19 user ids of the card itself, one a level. Ours. */
const firstUserId = 900;
const validity = 365 * day;

/** IPC-1, FWU-1.5: a meter's configuration tables, and images for it, over HTTPS with mutual TLS. The role in a client's certificate (OU) is the name of the access level that the card uses for it. */
export async function openConfigurationDoor({ built, model, place, authority, open, memory, trust = new Trust([]) }: ConfigurationDoor, clock: Clock, log: Log): Promise<MutualTlsServer> {
  const failed = (error: unknown): void => log.error("the configuration interface failed", { serial: built.serial, error });
  const now = clock.now();
  const identity = await authority.issueServer({ name: built.serial, addresses: [place.host] }, now, now + validity);
  const levels = new Map(model.levels.map((role, at) => [role, { userId: firstUserId + at, password: built.passwords[at] ?? new Uint8Array(20) }]));
  const board: BoardAccess = { open, definitions: model.context.definitions, levels };
  const images = new ImageInterface({ board, memory, trust, deviceType: model.deviceType, clock, failed });
  const server = await serveMutualTls({ ...place, identity, authority: authority.certificate, clock }, {
    answer: (request, { name, unit: role }) => (ImageInterface.serves(request.target) ? images.answer(request, { name, role }) : answerWebRequest(board, request, { name, role })),
    refused: (why) =>
      problem(why === "too-large" ? new NicError("too-large", "The body is larger than the card takes.") : new NicError("not-permitted", "The certificate is not valid now, or names nobody and no role.")),
    failed,
  });
  return { port: server.port, close: async () => void (await Promise.all([server.close(), images.stop()])) };
}
