import { merge } from "@metersmith/tables";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildProgram, type Build } from "../build/build.ts";
import type { DeviceType } from "../device-type/device-type.ts";
import { heldBy } from "../device-type/held.ts";
import { ProgramsError } from "../errors.ts";
import { isUnder, joined, nested, valueAt } from "../parameters/path.ts";
import { readParameters } from "../parameters/read-parameters.ts";
import { groupNames, type ParameterGroups, type Parameters } from "../parameters/schema.ts";
import { parametersFromImages } from "../reverse/from-tables.ts";
import { everyGroup } from "../testing/every-group.ts";
import { exampleParameters } from "../testing/example-files.ts";
import { deviceType, deviceTypeFiles, deviceTypeIds, type DeviceTypeId } from "../testing/plug-ins.ts";
import { readDeviceType } from "../device-type/read-device-type.ts";

/** The tables of a meter as its factory makes them, with the build written into it. */
function programmed(type: DeviceType, build: Build): Map<number, Uint8Array> {
  const images = new Map(type.factoryImages);
  for (const write of build.writes) images.set(write.table, merge(images.get(write.table) ?? new Uint8Array(write.bytes.length), write));
  return images;
}

/** A whole program for a type: the calendar of a rate, and of the registers what the type measures. */
function programFor(id: DeviceTypeId): Parameters {
  const parameters = exampleParameters("aps-et-2-tou");
  if (id === "wx-1" || id === "gx-1") parameters.registers = { energy: [id === "wx-1" ? "m3" : "ft3"], demand: [] };
  if (id === "px-9s" || id === "ix-4s") parameters.registers = { energy: ["kWh-delivered", "kWh-received", "kvarh-lagging", "kvarh-leading"], demand: ["kW-delivered", "kVA-delivered"] };
  if (id === "rx-2s") parameters.registers = { energy: ["kWh-delivered", "kWh-received"], demand: ["kW-delivered"] };
  return parameters;
}

const whole = (least: number, most: number): fc.Arbitrary<number> => fc.integer({ min: least, max: most });
const thousandths = (least: number, most: number): fc.Arbitrary<number> => fc.integer({ min: least * 1000, max: most * 1000 }).map((value) => value / 1000);
const seconds = thousandths(0, 4000);
const rule = fc.record({ by: fc.constantFrom("utility" as const, "customer" as const, "meter" as const), afterSeconds: seconds, attempts: whole(0, 255) });
const nobody = fc.constant({ by: "utility" as const, afterSeconds: 0, attempts: 0 });
const condition = fc.record({ kind: fc.constantFrom("high-voltage" as const, "high-temperature" as const), threshold: thousandths(300, 500), release: thousandths(1, 299), seconds, action: fc.constantFrom("report" as const, "reduce" as const, "open" as const) });

/** Values of the groups that tables hold; those that factories make are taken from the factory. */
const groups: fc.Arbitrary<Partial<ParameterGroups>> = fc.record({
  demand: fc.record({ intervalMinutes: fc.constantFrom(15, 30, 60), resetExclusionMinutes: whole(0, 255), outage: fc.record({ recognitionSeconds: whole(0, 255), exclusionMinutes: whole(0, 255), coldLoadPickupMinutes: whole(0, 255) }) }),
  diagnostics: fc.record({ selfTestHours: whole(1, 744), metrologyCheckHours: whole(24, 744), timeSyncDays: whole(0, 400), driftSeconds: whole(1, 3600), lowBatteryVolts: thousandths(0, 4) }),
  communication: fc.record({ linkFailures: whole(1, 255), reportRetrySeconds: whole(10, 600) }),
  service: fc.record({ nominalVolts: whole(24, 299), tolerancePercent: whole(1, 50), phases: fc.constant(["A" as const, "B" as const, "C" as const]), rotation: fc.boolean() }),
  supervision: fc.record({ conditions: fc.array(condition, { maxLength: 4 }) }),
  serviceSwitch: fc.record({ settledSeconds: seconds, reclose: fc.record({ command: nobody, overcurrent: rule, fault: nobody, "load-limit": rule, "high-voltage": rule, "low-voltage": rule, "high-temperature": rule }) }),
  loadLimit: fc.record({ amperes: thousandths(1, 200), seconds, graceSeconds: seconds, releaseSeconds: seconds }),
  overcurrent: fc.record({
    study: fc.constant("a study"),
    elements: fc.array(fc.record({ curve: fc.constantFrom("ieee-very-inverse" as const, "ieee-extremely-inverse" as const), pickupAmperes: thousandths(201, 2000), dial: thousandths(1, 10), reset: fc.oneof(fc.constantFrom("disk" as const, "at-once" as const), seconds) }), { maxLength: 3 }),
    sectionalize: fc.option(fc.constant(everyGroup.overcurrent.sectionalize!), { nil: undefined }),
  }).map(({ sectionalize, ...rest }) => ({ ...rest, ...(sectionalize ? { sectionalize } : {}) })),
  identification: fc.record({ owner: fc.constantFrom("Example Electric", "A & B"), division: fc.constant("North") }, { requiredKeys: [] }),
}, { requiredKeys: [] });

/** What the type's tables hold of groups, and no more. */
function heldPart(type: DeviceType, part: Partial<ParameterGroups>): Partial<ParameterGroups> {
  const held = heldBy(type);
  const kept: { [key: string]: unknown } = {};
  const keep = (value: unknown, path: string): { [key: string]: unknown } => {
    if (held.some((top) => isUnder(path, top))) return nested(path, value);
    if (typeof value !== "object" || value === null || Array.isArray(value) || !held.some((top) => isUnder(top, path))) return {};
    return Object.entries(value).reduce((made, [key, one]) => joined(made, keep(one, `${path}.${key}`)), {});
  };
  for (const [name, value] of Object.entries(part)) Object.assign(kept, joined(kept, keep(value, name)));
  return kept;
}

function groupsOf(parameters: object): Partial<ParameterGroups> {
  return Object.fromEntries(groupNames.flatMap((name) => (valueAt(parameters, name) === undefined ? [] : [[name, valueAt(parameters, name)]])));
}

describe.each(deviceTypeIds)("[BLD-2] a %s, parameters to tables to parameters", (id) => {
  const type = deviceType(id);
  const [interval = 15] = type.files.limits.demandIntervalMinutes.slice(-1);
  const asMade = groupsOf(parametersFromImages(type, type.factoryImages));

  test("every group that its tables hold comes back unchanged, and the same parameters give the same octets", () => {
    fc.assert(fc.property(groups, (made) => {
      const { study: _, ...overcurrent } = made.overcurrent ?? { study: "", elements: [] };
      const needsSwitch = made.overcurrent !== undefined || made.supervision !== undefined;
      const wanted = heldPart(type, { ...made, ...(needsSwitch ? { serviceSwitch: made.serviceSwitch ?? everyGroup.serviceSwitch } : {}) });
      if (wanted.overcurrent && made.overcurrent) wanted.overcurrent = made.overcurrent;
      if (wanted.demand) wanted.demand.intervalMinutes = interval;
      const parameters = readParameters({ ...programFor(id), ...wanted }, "generated");
      const build = buildProgram(type, parameters);
      expect(buildProgram(type, structuredClone(parameters)).digest).toBe(build.digest);
      const { demand, loadProfile: _profile, selfReads: _reads, events: _events, ...read } = groupsOf(parametersFromImages(type, programmed(type, build)));
      const { demand: demandWanted, ...rest } = wanted;
      // What the program does not set stays as the factory makes it.
      const { demand: _demand, loadProfile: _profileMade, selfReads: _readsMade, events: _eventsMade, ...others } = asMade;
      expect(read).toEqual({ ...others, ...rest, ...(rest.overcurrent ? { overcurrent } : {}) });
      if (demandWanted) expect(demand).toMatchObject(demandWanted);
    }), { numRuns: 25 });
  });

  test("what its factory makes is held where it is asked for so, and refused with both values where not", () => {
    const program = programFor(id);
    const made = parametersFromImages(type, programmed(type, buildProgram(type, program)));
    const same = readParameters({ ...program, loadProfile: made.loadProfile, selfReads: made.selfReads, events: made.events }, "as made");
    const build = buildProgram(type, same);
    expect(groupsOf(parametersFromImages(type, programmed(type, build)))).toMatchObject({ loadProfile: made.loadProfile, selfReads: made.selfReads, events: made.events });
    expect(build.report.filter(({ parameter, role }) => parameter.startsWith("events.logged") && role === "checked")).toHaveLength(2);
    const refusals = [
      refusalOf(() => buildProgram(type, { ...same, loadProfile: { ...same.loadProfile!, intervalMinutes: 5 } })),
      refusalOf(() => buildProgram(type, { ...same, selfReads: { ...same.selfReads!, daily: true } })),
      refusalOf(() => buildProgram(type, { ...same, events: { logged: same.events!.logged.slice(1) } })),
    ];
    for (const { code } of refusals) expect(code).toBe("exceeds-limit");
    expect(refusals[0]!.message).toMatch(/loadProfile\.intervalMinutes: 5 is not held by \S+: its factory makes MAX_INT_TIME_SET1 of table 61 (15|60), and no program changes that/);
    expect(refusals[1]!.message).toMatch(/selfReads\.daily: true is not held by/);
    expect(refusals[2]!.message).toMatch(/events\.logged: .* is not held by/);
  });

  test("what it does not hold is refused by name, or left out by name where the program allows it: never silently", () => {
    const program = { ...programFor(id), ...structuredClone(everyGroup) };
    delete (program as Partial<Parameters>).loadProfile;
    program.demand = { ...everyGroup.demand, intervalMinutes: interval };
    program.displays.lists = [{ ...everyGroup.displays.lists[1]! }];
    const held = heldBy(type);
    const missing = refusalOf(() => buildProgram(type, program)).findings.map(({ field }) => field);
    expect(missing).toEqual(expect.arrayContaining(["displays.lists", "localPort.idleSeconds", "events.reportedAtOnce", "selfReads.demandResets"]));
    for (const field of missing) expect(held.some((top) => isUnder(field, top)), field).toBe(false);
    const left: Parameters = { ...programFor(id), displays: everyGroup.displays, localPort: everyGroup.localPort, whereHeld: ["displays", "localPort"] };
    left.registers.energy = programFor(id).registers.energy;
    left.displays = { lists: [{ ...everyGroup.displays.lists[1]! }] };
    expect(buildProgram(type, left).leftOut).toEqual(["displays.lists", "localPort.wrongPasswords", "localPort.lockoutMinutes", "localPort.idleSeconds", "localPort.programming"]);
  });
});

function refusalOf(run: () => unknown): ProgramsError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProgramsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

type Json = Record<string, unknown>;

/** A px-9s with sliding demand, displays, and a condition: what no demonstration type has. */
function otherType(): DeviceType {
  const files = deviceTypeFiles("px-9s");
  const edit = (file: string, change: (json: Json & { tables: Record<string, Json>; rules: Json[]; writes: number[]; parameters: Json }) => void): void => {
    const json = JSON.parse(files.get(file)!) as Json & { tables: Record<string, Json>; rules: Json[]; writes: number[]; parameters: Json };
    change(json);
    files.set(file, JSON.stringify(json));
  };
  edit("factory.json", ({ tables }) => {
    (tables["0"]!["STD_TBLS_USED"] as number[]).push(31, 33);
    (tables["0"]!["STD_TBLS_WRITE"] as number[]).push(33);
    Object.assign(tables["11"]!["SOURCE_FLAGS"] as Json, { BLOCK_DEMAND: false, SLIDING_DEMAND: true });
    Object.assign(tables, { "31": { NBR_DISP_SOURCES: 10, NBR_PRI_DISP_LIST_ITEMS: 6, NBR_PRI_DISP_LISTS: 2 }, "33": {} });
  });
  edit("mapping.json", ({ rules, writes }) => {
    const register = (tier?: number): Json => ({ show: "register", quantity: "kWh-delivered", ...(tier === undefined ? {} : { tier }) });
    rules.push({
      use: "displays", when: "p.demand.subintervals > 1", lists: ["normal", "alternate"], empty: 0,
      catalog: [{ item: { show: "all-segments" }, code: 1 }, { item: { show: "clock" }, code: 2 }, { item: { show: "program-code" }, code: 3 }, { item: register(), code: 16 }, { item: register(1), code: 17 }],
    });
    writes.unshift(33);
  });
  return readDeviceType(files);
}

describe("[BLD-2] primitives that no demonstration type uses", () => {
  const type = otherType();
  const program: Parameters = { ...programFor("px-9s"), demand: everyGroup.demand, displays: everyGroup.displays };
  program.displays!.lists[0]!.items = everyGroup.displays.lists[0]!.items;

  test("sliding demand and displays come back, under the condition that was told from the tables", () => {
    const build = buildProgram(type, program);
    expect(groupsOf(parametersFromImages(type, programmed(type, build)))).toMatchObject({ demand: everyGroup.demand, displays: everyGroup.displays });
    // RESET_EXCLUSION 60, recognition 60, exclusion 15, pickup 0; then 5 minutes three times, in each of four entries.
    expect([...build.writes.find(({ table }) => table === 13)!.bytes]).toEqual([60, 60, 15, 0, 5, 3, 5, 3, 5, 3, 5, 3]);
    // ON 6, OFF 1 << 4; HOLD 10; 3 items; then 0, HOLD 15, 2 items; codes 1, 16, 17, 2, 3, and none.
    expect([...build.writes.find(({ table }) => table === 33)!.bytes]).toEqual([0x16, 10, 3, 0x00, 15, 2, 1, 0, 16, 0, 17, 0, 2, 0, 3, 0, 0, 0]);
  });

  test("where the condition does not hold, the rule is for neither way", () => {
    const build = buildProgram(type, { ...program, demand: { intervalMinutes: 15, subintervals: 1 } });
    expect(build.writes.map(({ table }) => table)).not.toContain(33);
    const images = programmed(type, build).set(33, new Uint8Array(18).fill(0xff));
    expect(parametersFromImages(type, images).unreadable).toBeUndefined();
  });

  test("codes of a stranger's display are told as unreadable, and the rest is read", () => {
    const images = programmed(type, buildProgram(type, program));
    images.get(33)!.fill(0x77);
    const read = parametersFromImages(type, images);
    expect(read.displays).toBeUndefined();
    expect(read.unreadable![0]!.message).toMatch(/table 33, PRI_DISP_SOURCES\[0\]: expected the code of an item/);
    expect(read.calendar).toBeDefined();
  });

  test.each([
    ["p.displays.lists == []", /reads p\.displays\.lists, which no rule before it carries both ways/],
    ["q.demand == 1", /reads q\.demand; a condition is on p/],
    ["p.demand.", /ends too early|was not expected/],
  ])("a condition %s is refused", (when, message) => {
    const files = deviceTypeFiles("px-9s");
    const mapping = JSON.parse(files.get("mapping.json")!) as { rules: Json[] };
    mapping.rules[0]!["when"] = when;
    expect(refusalOf(() => readDeviceType(files.set("mapping.json", JSON.stringify(mapping)))).message).toMatch(message);
  });
});
