import { Failure } from "@metersmith/base/errors";
import type { AskCard } from "@metersmith/nic";
import { openMutualTlsClient } from "@metersmith/node/mutual-tls-client";
import { readText } from "./files.ts";

export interface CardOptions {
  /** Certificate and key in one file, PEM. */
  readonly certificate?: string;
  readonly authority?: string;
}

/** Whether an address is one of a meter's communications card. */
export function isCardAddress(address: string): boolean {
  return /^https:/i.test(address);
}

/** Opens a connection to a card over mutual TLS, closed whatever happens. Throws `address`, `misuse` where something is not given, `LinkFailure`. */
export async function withCard<Result>(address: string, { certificate, authority }: CardOptions, use: (ask: AskCard) => Promise<Result>): Promise<Result> {
  const place = placeOf(address);
  if (certificate === undefined || authority === undefined) {
    throw new Failure("misuse", "command-line", "A card is asked over mutual TLS: give --certificate FILE (certificate and key, such as programmer.pem) and --authority FILE (authority.crt), of the street's folder https.");
  }
  const shown = await readText(certificate);
  const client = connected({ ...place, authority: await readText(authority), certificate: shown, key: shown }, certificate, authority);
  try {
    return await use((request) => client.ask(request));
  } finally {
    client.close();
  }
}

function placeOf(address: string): { readonly host: string; readonly port: number } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const plain = url && url.protocol === "https:" && url.username === "" && url.password === "" && url.pathname === "/" && url.search === "" && url.hash === "";
  if (!plain) throw new Failure("misuse", "address", `“${address}” is no address of a card: write https://host:port, and nothing behind it.`, { field: "address" });
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? 443 : Number(url.port) };
}

const pem = { certificate: /-----BEGIN CERTIFICATE-----/, key: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ };

function connected(place: Parameters<typeof openMutualTlsClient>[0], certificate: string, authority: string): ReturnType<typeof openMutualTlsClient> {
  if (!pem.certificate.test(place.certificate) || !pem.key.test(place.key)) throw new Failure("input", "file", `${certificate}: a certificate and its key were expected, PEM`, { file: certificate });
  if (!pem.certificate.test(place.authority)) throw new Failure("input", "file", `${authority}: a certificate was expected, PEM`, { file: authority });
  return openMutualTlsClient(place);
}
