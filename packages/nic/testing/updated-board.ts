import { memoryChannelPair, type ByteChannel } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { MeterClient } from "@metersmith/client";
import { buildImage, keySigner, publicKeyOf, Trust, type ImageDraft } from "@metersmith/images";
import { createMeter, firmwareVersion2, memoryInRam, Provocations, readMeterModel, type Meter } from "@metersmith/meter";
import { openPsemClient, servePsem } from "@metersmith/psem";
import type { BoardAccess } from "../configuration/board-session.ts";
import factory from "../../../device-types/rx-2s/factory.json" with { type: "json" };
import fragments from "../../../device-types/rx-2s/fragment.json" with { type: "json" };

const model = readMeterModel({ factory, fragments });
const passwords = ["reading", "programming", "mastering"].map((text) => new TextEncoder().encode(text.padEnd(20, "\0")));
const secretKey = Uint8Array.from({ length: 32 }, (_, at) => 3 * at + 5);
const any = { least: { version: 0, revision: 0 }, most: { version: 255, revision: 255 } };
const start = Date.UTC(2026, 6, 15, 19, 0, 0);

/** Whose images the board takes. */
export const keys = new Trust([{ publicKey: publicKeyOf(secretKey), kinds: ["program", "firmware"] }]);

/** Firmware 2.0 for rx-2s, unless changed. */
export function firmwareImage(change: Partial<ImageDraft> = {}): Promise<Uint8Array> {
  return buildImage({
    deviceType: "rx-2s", hardware: any, firmware: any, id: "metrology", version: 0x0200, counter: 2, expiry: start / 1000 + 30 * 86_400, pageSize: 1024,
    content: { kind: "firmware", module: firmwareVersion2 }, ...change,
  }, keySigner(secretKey));
}

/** The module of firmware 2.0 with a custom section behind it, which says nothing: of so many octets more. */
export function longModule(octets: number): Uint8Array {
  const size = [0, 7, 14].map((shift, at) => ((octets >>> shift) & 0x7f) | (at < 2 ? 0x80 : 0));
  return Uint8Array.of(...firmwareVersion2, 0, ...size, 1, 0x78, ...new Uint8Array(octets - 2).map((_, at) => at % 251));
}

/** A program that writes the first octets of table 6. */
export function programImage(text: string): Promise<Uint8Array> {
  const length = model.images.get(6)?.length ?? 0;
  const bytes = new Uint8Array(length);
  new TextEncoder().encodeInto(text, bytes);
  return firmwareImage({ id: "TOU-1", version: 3, content: { kind: "program", steps: [{ do: "write", table: 6, bytes, mask: bytes.map((octet) => (octet === 0 ? 0 : 0xff)) }] } });
}

/** A real board with memory that outlives power, reached by C12.18. */
export class UpdatedBoard {
  readonly clock = new FakeClock(start);
  readonly provocations = new Provocations();
  readonly #memory = memoryInRam();
  meter: Meter = this.#made();

  restart(): void {
    this.meter.switchOff();
    this.meter = this.#made();
  }

  /** The card's way to it. */
  readonly access: BoardAccess = {
    open: (lost) => this.meter.device(lost), definitions: model.context.definitions,
    levels: new Map(["reader", "programmer", "master"].map((role, at) => [role, { userId: 901 + at, password: passwords[at] ?? new Uint8Array(20) }])),
  };

  /** Logged on; `through` may stand in the way of what the two ends write. */
  async connect(level = 1, through: (near: ByteChannel) => ByteChannel = (near) => near): Promise<MeterClient> {
    const [near, far] = memoryChannelPair();
    servePsem(far, this.clock, this.meter.device(() => far.close()));
    const client = new MeterClient(openPsemClient(through(near), this.clock), model.context.definitions, { clock: this.clock });
    await client.connect({ user: "card", userId: 901, password: passwords[level] ?? new Uint8Array(20) });
    return client;
  }

  /** Universal time, by procedure 10: a board takes no image before. */
  async setClock(): Promise<void> {
    const client = await this.connect();
    const at = new Date(this.clock.now());
    const { outcome } = await client.procedure(10, Uint8Array.of(7, at.getUTCFullYear() - 2000, at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), 0x17));
    if (outcome !== "completed") throw new Error(`the board's clock was not set: ${outcome}`);
    await client.disconnect();
  }

  #made(): Meter {
    return createMeter(model, { serial: "NIC00002", passwords, memory: this.#memory, clock: this.clock, provocations: this.provocations, trust: { keys } });
  }
}

/** Closes the channel instead of carrying its write number `chunk`. */
export function cutAt(chunk: number): (near: ByteChannel) => ByteChannel {
  let written = 0;
  return (channel) => ({
    listen: (listener) => channel.listen(listener),
    close: () => channel.close(),
    write(bytes) {
      if (written++ === chunk) channel.close();
      else channel.write(bytes);
    },
  });
}
