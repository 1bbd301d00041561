import { FakeClock } from "@metersmith/base/clock";
import { quiet } from "@metersmith/base/until-settled";
import { expect, test } from "vitest";
import { c1222Pair, headTitle, meterTitle } from "../../testing/c1222-pair.ts";
import { responseCodes, type Refusal } from "../../services/response-code.ts";
import { apTitle, titleText } from "../apdu/ap-title.ts";
import { decodeApdu } from "../apdu/decode-apdu.ts";
import type { Registration } from "../epsem/registration.ts";
import type { Notification } from "./serve-c1222.ts";
import { registrar } from "./registrar.ts";

const refusals = responseCodes.map(({ mnemonic }) => mnemonic).filter((code): code is Refusal => code !== "ok");

test.each(refusals)("a device's %s reaches the caller as that error, and the session goes on", async (code) => {
  const { client, run, devices, tables } = c1222Pair();
  await run(client.logon(1, ""));
  const { read } = devices[0]!;
  devices[0]!.read = () => code;
  await expect(run(client.readTable(6))).rejects.toMatchObject({ code, kind: "peer-refused", context: { table: 6 } });
  devices[0]!.read = read;
  expect(await run(client.readTable(6))).toEqual(tables.get(6));
});

test.each(refusals)("a device's %s to a logon opens no session", async (code) => {
  const { client, run, server } = c1222Pair({ device: (device) => (device.logon = () => code) });
  await expect(run(client.logon(1, ""))).rejects.toMatchObject({ code });
  await expect(run(client.security("secret"))).rejects.toMatchObject({ code: "isss" });
  expect(server.sessions).toBe(0);
});

test("services out of their session are isss, unknown ones sns, another node's title uat", async () => {
  const { client, run } = c1222Pair();
  const early: readonly (() => Promise<unknown>)[] = [
    () => client.readTable(0), () => client.writeTable(0, Uint8Array.of(1)), () => client.security("x"), () => client.logoff(), () => client.wait(1),
  ];
  for (const call of early) {
    await expect(run(call())).rejects.toMatchObject({ code: "isss" });
  }
  await expect(run(client.resolve(meterTitle))).rejects.toMatchObject({ code: "sns" });
  const astray = c1222Pair({ server: { title: apTitle(".7") } });
  await expect(astray.run(astray.client.identify())).rejects.toMatchObject({ code: "uat" });
});

const registration: Registration = {
  nodeType: 0x20,
  connectionType: 0x40,
  deviceClass: Uint8Array.of(1, 2, 3, 4),
  title: meterTitle,
  serialNumber: apTitle("1.3.6.1.4.1.33507.1"),
  nativeAddress: Uint8Array.of(192, 0, 2, 7, 4, 129, 17),
  period: 7200,
};

test("a node registers, is resolved and traced, renews, and is forgotten when it leaves or its period ends", async () => {
  const clock = new FakeClock();
  const network = registrar(clock, { title: apTitle(".1"), longestPeriod: 3600 });
  const { client, run } = c1222Pair({ server: { network }, client: { calling: meterTitle } });
  const registered = await run(client.register(registration));
  expect([titleText(registered.title), registered.period, registered.delay]).toEqual(["2.16.124.113620.1.22.0.123.8437", 3600, 60]);
  expect(await run(client.resolve(meterTitle))).toEqual(registration.nativeAddress);
  expect((await run(client.trace([headTitle]))).map(titleText)).toEqual([titleText(headTitle), ".1"]);
  await run(client.deregister(meterTitle));
  await expect(run(client.resolve(meterTitle))).rejects.toMatchObject({ code: "uat" });
  await expect(run(client.deregister(meterTitle))).rejects.toMatchObject({ code: "uat" });
  await run(client.register({ ...registration, domainPattern: Uint8Array.of(9) }));
  clock.advance(3_600_000);
  await expect(run(client.resolve(meterTitle))).rejects.toMatchObject({ code: "uat" });
});

test("a node without a title is given one, or refused; registrations are bounded", async () => {
  const network = registrar(new FakeClock(), { title: apTitle(".1"), most: 1, assign: ({ nodeType }) => (nodeType === 0x20 ? apTitle(".55") : undefined) });
  const { client, run, join } = c1222Pair({ server: { network } });
  const nameless = { ...registration, title: { tag: 0x80, octets: new Uint8Array(0) } } as const;
  expect(titleText((await run(client.register(nameless))).title)).toBe("2.16.124.113620.1.22.0.55");
  await expect(run(client.register({ ...nameless, nodeType: 1 }))).rejects.toMatchObject({ code: "onp" });
  await expect(run(join({ calling: meterTitle }).register(registration))).rejects.toMatchObject({ code: "bsy" });
});

test("a node speaks for its own title alone, and takes nobody's place while that one is registered", async () => {
  const clock = new FakeClock();
  const network = registrar(clock, { title: apTitle(".1"), longestPeriod: 3600 });
  const { client: stranger, run, join } = c1222Pair({ server: { network } });
  const node = join({ calling: meterTitle });
  await run(node.register(registration));
  await expect(run(stranger.register({ ...registration, nativeAddress: Uint8Array.of(6, 6, 6, 6) }))).rejects.toMatchObject({ code: "isc" });
  await expect(run(stranger.deregister(meterTitle))).rejects.toMatchObject({ code: "isc" });
  const impostor = { ...registration, serialNumber: apTitle("1.3.6.1.4.1.33507.2"), nativeAddress: Uint8Array.of(6, 6, 6, 6) };
  await expect(run(node.register(impostor))).rejects.toMatchObject({ code: "isc" });
  expect(await run(stranger.resolve(meterTitle))).toEqual(registration.nativeAddress);
  clock.advance(3_600_000);
  await run(node.register(impostor));
});

test("a notification arrives without an answer and reaches no device", async () => {
  const heard: Notification[] = [];
  const { client, run, tables, calls } = c1222Pair({ server: { onNotification: (notification) => heard.push(notification) } });
  client.notify(2049, Uint8Array.of(9, 9, 9), { urgent: true });
  await run(client.identify());
  expect(heard).toMatchObject([{ calling: headTitle, mode: 2, urgent: true }]);
  expect(heard[0]!.services).toHaveLength(1);
  expect(tables.get(2049)).toEqual(Uint8Array.of(1, 2, 3));
  expect(calls().filter((call) => call.startsWith("write"))).toEqual([]);
});

test.each([".123.8437", "2.16.124.113620.1.22.0.123.8437"])("a node called as %s answers in that name", async (text) => {
  const { client, run, near } = c1222Pair({ client: { called: apTitle(text) } });
  const heard: string[] = [];
  const asked = client.identify();
  near.listen({ received: (bytes) => heard.push(titleText(decodeApdu(bytes).apdu.calling!)), closed: () => {} });
  asked.catch(() => undefined);
  await quiet();
  expect(heard).toEqual([text]);
  client.close();
  await expect(run(asked)).rejects.toMatchObject({ code: "closed" });
});
