import fc from "fast-check";
import { expect, test } from "vitest";
import { isTopicFilter, isTopicName, isWithin } from "./topic-filter.ts";

// Matches and mismatches as MQTT 3.1.1, sections 4.7.1 and 4.7.2, give them.
test.each([
  ["sport/tennis/player1", "sport/tennis/player1/#", true],
  ["sport/tennis/player1/ranking", "sport/tennis/player1/#", true],
  ["sport/tennis/player1/score/wimbledon", "sport/tennis/player1/#", true],
  ["sport", "sport/#", true],
  ["sport/tennis/player1", "sport/tennis/+", true],
  ["sport/tennis/player1/ranking", "sport/tennis/+", false],
  ["sport", "sport/+", false],
  ["sport/", "sport/+", true],
  ["/finance", "+/+", true],
  ["/finance", "/+", true],
  ["/finance", "+", false],
  ["$SYS/monitor/Clients", "#", false],
  ["$SYS/monitor/Clients", "+/monitor/Clients", false],
  ["$SYS/monitor/Clients", "$SYS/#", true],
  ["ACCOUNTS", "Accounts", false],
])("%s under %s: %s", (topic, filter, expected) => {
  expect(isWithin(topic, filter)).toBe(expected);
});

test.each([
  ["ms/1/north/+/event", "ms/1/north/#", true],
  ["ms/1/north/#", "ms/1/north/#", true],
  ["ms/1/north/+", "ms/1/north/+", true],
  ["ms/1/#", "ms/1/north/#", false],
  ["#", "ms/1/north/#", false],
  ["ms/1/+/one/order", "ms/1/north/+/order", false],
  ["ms/1/north/#", "ms/1/north/+", false],
  ["$share/group/ms/1/north/#", "ms/1/north/#", false],
])("a subscription to %s is within %s: %s", (asked, allowed, expected) => {
  expect(isWithin(asked, allowed)).toBe(expected);
});

test("filters and names that the standard forbids are none", () => {
  for (const bad of ["", "a#", "#/a", "a/#/b", "a+/b", "a\0b"]) expect(isTopicFilter(bad)).toBe(false);
  for (const bad of ["a/+", "a/#", "$SYS/a", ""]) expect(isTopicName(bad)).toBe(false);
});

test("whatever a filter within another matches, the other matches too", () => {
  const level = fc.constantFrom("a", "b", "", "+", "#");
  const filter = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
  const topic = fc.array(fc.constantFrom("a", "b", ""), { minLength: 1, maxLength: 5 }).map((levels) => levels.join("/"));
  fc.assert(
    fc.property(filter, filter, topic, (asked, allowed, name) => {
      if (isWithin(asked, allowed) && isWithin(name, asked)) expect(isWithin(name, allowed)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
