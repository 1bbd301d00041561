import type { ByteChannel, ByteListener } from "@metersmith/base/byte-channel";

/** First octet of every C12.22 message; a client of C12.18 begins with EE, or 55 to wake the meter. */
const messageTag = 0x60;

/** Serves whichever of the two protocols a connection speaks: its client begins, and its first octet says which. Ours: so one port serves both. */
export function byFirstOctet(channel: ByteChannel, speak: { readonly c1218: (channel: ByteChannel) => void; readonly c1222: (channel: ByteChannel) => void }): void {
  let begun: ByteListener | undefined;
  const heard = (): ByteListener | undefined => begun;
  channel.listen({
    received(chunk) {
      if (begun) return begun.received(chunk);
      const [first] = chunk;
      if (first === undefined) return;
      const inner: ByteChannel = {
        listen: (listener) => (begun = listener),
        write: (bytes) => channel.write(bytes),
        close: () => channel.close(),
      };
      if (first === messageTag) speak.c1222(inner);
      else speak.c1218(inner);
      heard()?.received(chunk);
    },
    closed: (reason) => begun?.closed(reason),
  });
}
