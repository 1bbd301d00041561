import fc from "fast-check";
import { Failure } from "@metersmith/base/errors";
import { expect, test } from "vitest";
import { parseMeterAddress } from "./meter-address.ts";

test.each([
  ["tcp:127.20.0.1:1153", { over: "tcp", host: "127.20.0.1", port: 1153 }],
  ["tcp:[fe80::1]:4059", { over: "tcp", host: "fe80::1", port: 4059 }],
  ["serial:/dev/ttyUSB0", { over: "serial", path: "/dev/ttyUSB0", baud: 9600 }],
  ["serial:COM3?baud=19200", { over: "serial", path: "COM3", baud: 19_200 }],
  ["serial:/dev/ttyUSB0?baud=1200&fastest=115200", { over: "serial", path: "/dev/ttyUSB0", baud: 1200, fastest: 115_200 }],
  ["serial:/dev/ttyUSB0?wake=yes", { over: "serial", path: "/dev/ttyUSB0", baud: 9600, wake: true }],
  ["serial:/dev/ttyUSB0?wake=no", { over: "serial", path: "/dev/ttyUSB0", baud: 9600 }],
  ["serial:/dev/ttyUSB0?fastest=9600", { over: "serial", path: "/dev/ttyUSB0", baud: 9600 }],
  ["c1222:meter.example", { over: "c1222", host: "meter.example", port: 1153, transport: "tcp", mode: 0, key: 0 }],
  [
    "c1222:[::1]:2000?transport=udp&called=.123.4&calling=2.16.124&mode=2&key=7",
    { over: "c1222", host: "::1", port: 2000, transport: "udp", mode: 2, key: 7, called: ".123.4", calling: "2.16.124" },
  ],
])("%s", (text, address) => {
  expect(parseMeterAddress(text)).toEqual(address);
});

test.each([
  ["", "begins with none of"],
  ["ftp:host:1", "begins with none of"],
  ["tcp:host", "names no port from 1"],
  ["tcp:host:0", "names no port from 1"],
  ["tcp:host:65536", "names no port from 1"],
  ["tcp::1", "names no host"],
  ["tcp:host:1?baud=9600", "has the option baud"],
  ["serial:", "names no port"],
  ["serial:/dev/x?baud=fast", "gives baud as fast"],
  ["serial:/dev/x?baud=9600&baud=300", "gives baud twice"],
  ["serial:/dev/x?wake=1", "gives wake as 1, not yes or no"],
  ["serial:/dev/x?baud=9600&fastest=4800", "gives fastest as 4800, not a number from 9600"],
  ["serial:/dev/x?baud", "gives baud no value"],
  ["c1222:host?mode=3", "gives mode as 3, not 0 or 1 or 2"],
  ["c1222:host?called=abc", "gives called as abc"],
])("“%s” is refused because it %s", (text, why) => {
  expect(() => parseMeterAddress(text)).toThrow(expect.objectContaining({ kind: "misuse", code: "address", message: expect.stringContaining(why) }));
});

test("any text is an address or a misuse", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.tuple(fc.constantFrom("tcp:", "serial:", "c1222:"), fc.string()).map((parts) => parts.join(""))), (text) => {
      try {
        parseMeterAddress(text);
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
      }
    }),
  );
});
