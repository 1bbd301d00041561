import { readFile } from "node:fs/promises";
import { fromHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import type { MeterAddress } from "@metersmith/node/meter-address";
import { openSerial } from "@metersmith/node/serial-channel";
import { systemClock } from "@metersmith/node/system-clock";
import { systemRandom } from "@metersmith/node/system-random";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openUdp } from "@metersmith/node/udp-datagrams";
import { apTitle, codedRates, KeyRing, openC1222Client, openPsemClient, overDatagrams, overStream, type ApduCarrier, type PsemClient, type SecurityKey } from "@metersmith/psem";

export interface LinkOptions {
  /** File with the C12.22 key: 32 hexadecimal digits. */
  readonly keyFile?: string;
  /** The key itself, where it is known; the file goes before it. */
  readonly key?: SecurityKey;
  readonly trace?: (line: string) => void;
}

/** Of the negotiate service. */
const mostOffers = 11;

type NetworkAddress = Extract<MeterAddress, { over: "c1222" }>;

/** Opens the link that an address names, up to the point where the meter may be asked to identify itself. */
export async function openMeterLink(address: MeterAddress, options: LinkOptions): Promise<PsemClient> {
  const trace = options.trace ? { trace: options.trace } : {};
  switch (address.over) {
    case "tcp":
      return openPsemClient(await connectTcp(address.host, address.port), systemClock, { ...trace, keepAlive: true });
    case "serial": {
      const port = await openSerial(address.path, { baud: address.baud });
      return openPsemClient(port, systemClock, { ...trace, keepAlive: true, serial: true, baud: address.baud, wakeUp: address.wake ?? false, onBaud: (rate) => port.setBaud(rate) });
    }
    case "c1222": {
      const security = await securityOf(address, options);
      return openC1222Client(await carrierTo(address), systemClock, systemRandom, {
        ...trace,
        ...security,
        ...(address.called === undefined ? {} : { called: apTitle(address.called) }),
        ...(address.calling === undefined ? {} : { calling: apTitle(address.calling) }),
      });
    }
  }
}

/** What C12.18 can agree on between the rate at the beginning and the fastest that probe and line can do, fastest first. */
export function ratesToOffer(address: MeterAddress): readonly number[] {
  if (address.over !== "serial") return [];
  const { baud, fastest = baud } = address;
  return codedRates.filter((rate) => rate > baud && rate <= fastest).toReversed().slice(0, mostOffers);
}

async function carrierTo({ host, port, transport }: NetworkAddress): Promise<ApduCarrier> {
  if (transport === "tcp") return overStream(await connectTcp(host, port), systemClock, { name: `${host}:${port}` });
  return overDatagrams(await openUdp(host.includes(":") ? { host: "::" } : {}), systemClock, { peer: { host, port } });
}

async function securityOf({ mode, key }: NetworkAddress, { keyFile: file, key: known }: LinkOptions) {
  if (mode === 0) return {};
  if (file === undefined && known) return { security: { mode, keys: new KeyRing([known]) } };
  if (file === undefined) throw new Failure("misuse", "key", `mode=${mode} protects messages under a key: give --key-file FILE with its 32 hexadecimal digits.`);
  const text = (await readFile(file, "utf8")).trim();
  if (!/^[0-9a-f]{32}$/i.test(text)) throw new Failure("input", "key", `${file} holds no key: 32 hexadecimal digits were expected, and nothing else.`);
  return { security: { mode, keys: new KeyRing([{ id: key, key: fromHex(text) }]) } };
}
