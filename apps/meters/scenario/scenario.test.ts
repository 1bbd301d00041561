import { describe, expect, test } from "vitest";
import { builtInScenarios, findScenario } from "./find-scenario.ts";
import { chosenMeters } from "./chosen-meters.ts";
import { readScenario } from "./scenario.ts";

const street = Array.from({ length: 300 }, (_, position) => ({ position, deviceType: ["rx-2s", "px-9s", "ix-4s"][position % 3] ?? "" }));

describe("the scenarios that come along", () => {
  test("each of them reads, and every happening finds meters in a full neighbourhood", async () => {
    const scenarios = await builtInScenarios();
    expect([...scenarios.keys()]).toEqual(["bad-firmware", "clock-loss", "drifting-metrology", "failure", "fault-current", "ordinary", "outage", "tamper", "wrong-socket"]);
    for (const [name, { happenings, seed }] of scenarios) {
      for (const [index, { meters }] of happenings.entries()) expect(chosenMeters(street, meters ?? {}, seed, index), name).not.toEqual([]);
    }
  });

  test("are found by name, others by their file; what is neither is refused with the names", async () => {
    expect((await findScenario("tamper")).title).toBe("Tampering");
    await expect(findScenario("tampering")).rejects.toMatchObject({ code: "bad-scenario", message: expect.stringContaining("bad-firmware, clock-loss") as unknown });
    await expect(findScenario("/dev/zero")).rejects.toMatchObject({ code: "bad-scenario", message: expect.stringContaining("at most") as unknown });
    await expect(findScenario("../scenario/scenarios/tamper")).rejects.toMatchObject({ code: "bad-scenario" });
  });
});

describe("a scenario that is none is refused with place and reason", () => {
  const base = { title: "t", about: "a", happenings: [] };
  const one = (happening: object): string => JSON.stringify({ ...base, happenings: [{ name: "n", atMinutes: 1, provoke: { kind: "cover-open" } }, { name: "n", atMinutes: 1, ...happening }] });
  test.each([
    ["{", /^s\.json: no JSON/],
    ["[]", /^s\.json: .*object/],
    [JSON.stringify({ ...base, timeFactor: 0 }), /^s\.json, timeFactor: /],
    [JSON.stringify({ ...base, speed: 2 }), /speed/],
    [one({ provoke: { kind: "meteor" } }), /happenings\[1\]\.provoke\.kind/],
    [one({ provoke: { kind: "tilted", degrees: 200 } }), /happenings\[1\]\.provoke\.degrees/],
    [one({ provoke: { kind: "tilted" } }), /happenings\[1\]\.provoke\.degrees/],
    [one({ provoke: { kind: "cover-open", wide: true } }), /happenings\[1\]\.provoke: .*wide/],
    [one({ forMinutes: 5, line: { kind: "line-disturbed", phases: [3] } }), /happenings\[1\]\.line\.phases\[0\]/],
    [one({}), /happenings\[1\]: expected one of/],
    [one({ forMinutes: 5, line: { kind: "outage" }, provoke: { kind: "cover-open" } }), /happenings\[1\]: expected one of/],
    [one({ card: { kind: "link-lost", link: "moon" } }), /happenings\[1\]\.card\.link/],
    [one({ forMinutes: 5, card: { kind: "clock-set" } }), /happenings\[1\]\.forMinutes: a clock is set at once/],
    [one({ provoke: { kind: "fault-current", amperes: 900, volts: 100, recloser: [{ tripsAfter: -1, opensFor: 1 }] } }), /happenings\[1\]\.provoke\.recloser\[0\]\.tripsAfter/],
    [one({ line: { kind: "outage" } }), /happenings\[1\]\.forMinutes/],
    [one({ meters: { fraction: 1.5 }, provoke: { kind: "cover-open" } }), /happenings\[1\]\.meters\.fraction/],
    [one({ meters: { from: 5, to: 4 }, provoke: { kind: "cover-open" } }), /happenings\[1\]\.meters\.to: 4 comes before/],
  ])("%s", (text, message) => {
    expect(() => readScenario(text, "s.json")).toThrow(message);
  });
});

describe("meters are chosen", () => {
  test("by range, by type, all", () => {
    expect(chosenMeters(street, { from: 2, to: 4 }, 1, 0)).toEqual([2, 3, 4]);
    expect(chosenMeters(street, { from: 0, to: 9, deviceType: "ix-4s" }, 1, 0)).toEqual([2, 5, 8]);
    expect(chosenMeters(street, {}, 1, 0)).toHaveLength(300);
    expect(chosenMeters(street, { from: 300, to: 400 }, 1, 0)).toEqual([]);
  });

  test("by fraction: so many, the same for the same seed, others for another seed or happening, one at least", () => {
    const drawn = chosenMeters(street, { fraction: 0.1 }, 1, 0);
    expect(drawn).toHaveLength(30);
    expect(chosenMeters(street, { fraction: 0.1 }, 1, 0)).toEqual(drawn);
    expect(chosenMeters(street, { fraction: 0.1 }, 2, 0)).not.toEqual(drawn);
    expect(chosenMeters(street, { fraction: 0.1 }, 1, 1)).not.toEqual(drawn);
    expect(chosenMeters(street.slice(0, 3), { fraction: 0.001 }, 1, 0)).toHaveLength(1);
    expect(chosenMeters([], { fraction: 0.5 }, 1, 0)).toEqual([]);
  });
});
