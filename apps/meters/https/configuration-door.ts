import type { Clock } from "@metersmith/base/clock";
import type { Log } from "@metersmith/base/log";
import { Trust } from "@metersmith/images";
import { answerWebRequest, ImageInterface, NicError, problem, type BoardAccess, type CardMemory } from "@metersmith/nic";
import { day, type CertificateAuthority } from "@metersmith/node/certificate-authority";
import { serveMutualTls, type MutualTlsServer } from "@metersmith/node/mutual-tls-server";

export interface ConfigurationDoor {
  readonly serial: string;
  readonly deviceType: string;
  readonly board: BoardAccess;
  readonly place: { readonly host: string; readonly port: number };
  readonly authority: CertificateAuthority;
  /** The card's own. */
  readonly memory: CardMemory;
  /** Whose images it takes; nobody's where absent. */
  readonly trust: Trust | undefined;
}

const validity = 365 * day;

/** IPC-1, FWU-1.5: a meter's configuration tables, and images for it, over HTTPS with mutual TLS. The role in a client's certificate (OU) is the name of the access level that the card uses for it. */
export async function openConfigurationDoor({ serial, deviceType, board, place, authority, memory, trust = new Trust([]) }: ConfigurationDoor, clock: Clock, log: Log): Promise<MutualTlsServer> {
  const failed = (error: unknown): void => log.error("the configuration interface failed", { serial, error });
  const now = clock.now();
  const identity = await authority.issueServer({ name: serial, addresses: [place.host] }, now, now + validity);
  const images = new ImageInterface({ board, memory, trust, deviceType, clock, failed });
  const server = await serveMutualTls({ ...place, identity, authority: authority.certificate, clock }, {
    answer: (request, { name, unit: role }) => (ImageInterface.serves(request.target) ? images.answer(request, { name, role }) : answerWebRequest(board, request, { name, role })),
    refused: (why) =>
      problem(why === "too-large" ? new NicError("too-large", "The body is larger than the card takes.") : new NicError("not-permitted", "The certificate is not valid now, or names nobody and no role.")),
    failed,
  });
  return { port: server.port, close: async () => void (await Promise.all([server.close(), images.stop()])) };
}
