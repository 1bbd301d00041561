import { silentLog } from "@metersmith/base/log";
import { afterEach, expect, test } from "vitest";
import { type Broker, startBroker } from "./broker.ts";
import { connectMqtt, type MqttLink, type MqttLinkOptions } from "./mqtt-link.ts";

const accounts = [
  { username: "head-end", password: "h", publish: ["ms/1/north/+/order"], subscribe: ["ms/1/north/#"] },
  { username: "street", password: "s", publish: ["ms/1/north/street/presence", "ms/1/north/street/event"], subscribe: ["ms/1/north/street/order"] },
];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

/** What to undo, in reverse. A test's own object: files share modules. */
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function broker(port = 0): Promise<Broker> {
  const started = await startBroker({ accounts, log: silentLog, port });
  undo.push(() => started.stop());
  return started;
}

async function link(url: string, username: string, more: Partial<MqttLinkOptions> = {}): Promise<MqttLink> {
  const made = await connectMqtt({ url, username, password: username === "street" ? "s" : "h", clientId: username, log: silentLog, ...more });
  undo.push(() => made.close());
  return made;
}

/** The next message under a filter. */
async function next(at: MqttLink, filter: string): Promise<{ arrived: Promise<string> }> {
  const { promise, resolve } = Promise.withResolvers<string>();
  await at.subscribe(filter, (topic, payload) => resolve(`${topic} ${text(payload)}`));
  return { arrived: promise };
}

test("a message goes from one account to another, both within their topics", async () => {
  const { url } = await broker();
  const [headEnd, street] = [await link(url, "head-end"), await link(url, "street")];
  const order = await next(street, "ms/1/north/street/order");
  await headEnd.publish("ms/1/north/street/order", bytes("read"));
  expect(await order.arrived).toBe("ms/1/north/street/order read");
});

test("a retained message waits for whoever subscribes later", async () => {
  const { url } = await broker();
  await (await link(url, "street")).publish("ms/1/north/street/presence", bytes("here"), true);
  expect(await (await next(await link(url, "head-end"), "ms/1/north/+/presence")).arrived).toBe("ms/1/north/street/presence here");
});

test.each([
  ["a wrong password", { password: "guess" }],
  ["an unknown account", { username: "nobody", clientId: "nobody" }],
  ["an empty password", { password: "" }],
  ["another's client identifier", { clientId: "head-end" }],
])("%s is refused", async (_, wrong) => {
  const { url } = await broker();
  await expect(link(url, "street", wrong)).rejects.toMatchObject({ code: "not-authorized", kind: "peer-refused" });
});

test("a subscription beyond the account's topics is refused, one within them goes on", async () => {
  const { url } = await broker();
  const street = await link(url, "street");
  for (const beyond of ["#", "ms/1/north/#", "ms/1/south/street/order", "$share/g/ms/1/north/street/order"]) {
    await expect(street.subscribe(beyond, () => undefined)).rejects.toMatchObject({ code: "subscription-refused" });
  }
  await street.subscribe("ms/1/north/street/order", () => undefined);
});

test("what is published beyond the account's topics reaches nobody", async () => {
  const { url } = await broker();
  const [headEnd, street] = [await link(url, "head-end"), await link(url, "street")];
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  await headEnd.subscribe("ms/1/north/#", (topic) => {
    seen.push(topic);
    if (topic.endsWith("/event")) done.resolve();
  });
  street.publish("ms/1/north/street/order", bytes("forged")).catch(() => undefined);
  const honest = await link(url, "street", { clientId: "street/2" });
  await honest.publish("ms/1/north/street/event", bytes("true"));
  await done.promise;
  expect(seen).toEqual(["ms/1/north/street/event"]);
});

test("an account's will is held to its topics as well, and speaks when its connection is cut", async () => {
  const first = await broker();
  const headEnd = await link(first.url, "head-end");
  const presence = await next(headEnd, "ms/1/north/+/presence");
  const { Socket } = await import("node:net");
  const { generate } = await import("mqtt-packet");
  const socket = new Socket().connect(first.port, "127.0.0.1");
  const will = { topic: "ms/1/north/street/presence", payload: Buffer.from("gone"), qos: 1 as const, retain: false };
  socket.write(generate({ cmd: "connect", clientId: "street", username: "street", password: Buffer.from("s"), protocolId: "MQTT", protocolVersion: 4, clean: true, keepalive: 0, will }));
  await new Promise((resolve) => socket.once("data", resolve));
  socket.destroy();
  expect(await presence.arrived).toBe("ms/1/north/street/presence gone");
});

test("after the broker was away, the connection and its subscriptions are there again", async () => {
  const first = await startBroker({ accounts, log: silentLog });
  const [headEnd, street] = [await link(first.url, "head-end"), await link(first.url, "street")];
  const order = await next(street, "ms/1/north/street/order");
  await first.stop();
  await broker(first.port);
  // Until the street is back, an order finds nobody: it is repeated until answered, as an outbox does.
  const repeat = setInterval(() => void headEnd.publish("ms/1/north/street/order", bytes("again")).catch(() => undefined), 100);
  expect(await order.arrived).toBe("ms/1/north/street/order again");
  clearInterval(repeat);
});

test("no broker, and a taken port, are told as such", async () => {
  const { url, port } = await broker();
  await expect(startBroker({ accounts, log: silentLog, port })).rejects.toMatchObject({ code: "port-taken", message: expect.stringContaining(String(port)) });
  await undo.pop()?.();
  await expect(link(url, "street")).rejects.toMatchObject({ code: "unreachable" });
});
