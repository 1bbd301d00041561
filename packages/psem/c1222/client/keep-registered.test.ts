import { FakeClock } from "@metersmith/base/clock";
import { quiet } from "@metersmith/base/until-settled";
import { expect, test } from "vitest";
import { PsemError } from "../../psem-error.ts";
import { meterTitle } from "../../testing/c1222-pair.ts";
import { apTitle, titleText } from "../apdu/ap-title.ts";
import type { Registered, Registration } from "../epsem/registration.ts";
import type { C1222Client } from "./c1222-client.ts";
import { keepRegistered } from "./keep-registered.ts";

const registration: Registration = {
  nodeType: 0x20,
  connectionType: 0x40,
  deviceClass: Uint8Array.of(1, 2, 3, 4),
  title: meterTitle,
  serialNumber: apTitle("1.3.6.1.4.1.33507.1"),
  nativeAddress: Uint8Array.of(192, 0, 2, 7, 4, 129),
  period: 3600,
};
const granted = (period: number): Registered => ({ title: meterTitle, delay: 0, period, information: 1 });
const unreachable = (): never => {
  throw new PsemError("timeout", "nobody answers");
};

/** A node that keeps itself registered with `answer`; notes in seconds when it asked, and what for. */
function registering(answer: (attempt: number) => Registered, asked: Registration = registration) {
  const clock = new FakeClock();
  const start = clock.now();
  const attempts: number[] = [];
  const titles: string[] = [];
  const left: string[] = [];
  let open = 0;
  const client = {
    register: async (wanted: Registration) => {
      titles.push(titleText(wanted.title));
      return answer(attempts.push((clock.now() - start) / 1000));
    },
    deregister: async (title: typeof meterTitle) => void left.push(titleText(title)),
    close: () => (open -= 1),
  } as unknown as C1222Client;
  const node = keepRegistered(async () => (open++, client), clock, asked);
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds && clock.untilNext !== undefined; second++) {
      clock.advance(1000);
      await quiet();
    }
  };
  return { clock, node, attempts, titles, left, pass, open: () => open };
}

test("a registration is renewed when half of its period is over", async () => {
  const { attempts, pass, open } = registering(() => granted(120));
  await quiet();
  await pass(180);
  expect([attempts, open()]).toEqual([[0, 60, 120, 180], 0]);
});

test("a registrar that cannot be reached is asked again after 5 s, then after twice as long each time, 5 minutes at most", async () => {
  const { attempts, pass, open } = registering((attempt) => (attempt < 9 ? unreachable() : granted(3600)));
  await quiet();
  await pass(1300);
  expect([attempts, open()]).toEqual([[0, 5, 15, 35, 75, 155, 315, 615, 915], 0]);
});

test.each([
  ["nothing", 0, [0, 1, 2, 3]],
  ["more than half a year", 0xff_ffff, [0]],
])("a registrar that grants %s is not asked more often than once in a second", async (_, period, expected) => {
  const { attempts, pass } = registering(() => granted(period));
  await quiet();
  await pass(3);
  expect(attempts).toEqual(expected);
});

test("a node that was given a title keeps it, and leaves by it", async () => {
  const nameless = { ...registration, title: { tag: 0x80, octets: new Uint8Array(0) } } as const;
  const { node, titles, left, pass, clock } = registering(() => granted(10), nameless);
  await quiet();
  await pass(5);
  await node.leave();
  expect([titles, left]).toEqual([[".", titleText(meterTitle)], [titleText(meterTitle)]]);
  expect(clock.untilNext).toBeUndefined();
});
