import { concatBytes } from "@metersmith/base/bytes";
import { serviceCode, type Request } from "./request.ts";
import { encodeTableData } from "./table-data.ts";

const u16 = (value: number): readonly number[] => [(value >> 8) & 0xff, value & 0xff];
const u24 = (value: number): readonly number[] => [(value >> 16) & 0xff, ...u16(value)];

/** A message for the link. Numbers of services are big-endian whatever the data order of the tables (docs/reference/c1218.md 1); ranges are the caller's to keep. */
export function encodeRequest(request: Request): Uint8Array {
  switch (request.service) {
    case "identify":
      return Uint8Array.of(serviceCode.identify);
    case "terminate":
      return Uint8Array.of(serviceCode.terminate);
    case "logoff":
      return Uint8Array.of(serviceCode.logoff);
    case "disconnect":
      return Uint8Array.of(serviceCode.disconnect);
    case "read":
      return Uint8Array.of(serviceCode.read, ...u16(request.table));
    case "read-offset":
      return Uint8Array.of(serviceCode.readOffset, ...u16(request.table), ...u24(request.offset), ...u16(request.count));
    case "read-index":
      return Uint8Array.of(serviceCode.read + request.indices.length, ...u16(request.table), ...request.indices.flatMap(u16), ...u16(request.count));
    case "read-default":
      return Uint8Array.of(serviceCode.readDefault);
    case "write":
      return concatBytes(Uint8Array.of(serviceCode.write, ...u16(request.table)), encodeTableData(request.bytes));
    case "write-offset":
      return concatBytes(
        Uint8Array.of(serviceCode.writeOffset, ...u16(request.table), ...u24(request.offset)),
        encodeTableData(request.bytes),
      );
    case "write-index":
      return concatBytes(
        Uint8Array.of(serviceCode.write + request.indices.length, ...u16(request.table), ...request.indices.flatMap(u16)),
        encodeTableData(request.bytes),
      );
    case "write-default":
      return concatBytes(Uint8Array.of(serviceCode.writeDefault), encodeTableData(request.bytes));
    case "logon":
      return concatBytes(Uint8Array.of(serviceCode.logon, ...u16(request.userId)), request.user);
    case "security":
      return concatBytes(Uint8Array.of(serviceCode.security), request.password);
    case "negotiate":
      return Uint8Array.of(
        serviceCode.negotiate + request.baudCodes.length,
        ...u16(request.packetSize),
        request.packets,
        ...request.baudCodes,
      );
    case "wait":
      return Uint8Array.of(serviceCode.wait, request.seconds);
    case "timing": {
      const { channelTraffic, interCharacter, response, retries } = request.timing;
      return Uint8Array.of(serviceCode.timing, channelTraffic, interCharacter, response, retries);
    }
    case "unsupported":
      return Uint8Array.of(request.code);
  }
}
