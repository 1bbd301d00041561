import type { ProgramDetail } from "@metersmith/modules/authoring/api/contract.ts";
import type { Me, SiteFacts } from "@metersmith/modules/identity/api/contract.ts";
import type { Association, MeterCalendar, Session, SessionDetail } from "@metersmith/modules/ledger/api/contract.ts";
import type { LibraryProgramDetail } from "@metersmith/modules/library/api/contract.ts";
import type { Meter } from "@metersmith/modules/registry/api/contract.ts";

// Answers of a site that is not there. The calendar is that of Arizona's ET-2 rate: on-peak 12–19 on weekdays, no daylight saving.

const hour = 3_600_000;
const id = (kind: number, number: number): string => `0197a000-${kind.toString(16).padStart(4, "0")}-7000-8000-${number.toString(16).padStart(12, "0")}`;
const digest = (number: number): string => `sha256:${number.toString(16).padStart(4, "0").repeat(16)}`;
const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();

export const site: SiteFacts = { kind: "utility", name: "Saguaro Power & Light", slug: "utility_saguaro", modules: ["identity", "registry", "library", "ledger"], version: "0.1.0" };
export const manufacturerSite: SiteFacts = { kind: "manufacturer", name: "Metersmith Works", slug: "manufacturer", modules: ["identity", "authoring", "device-types"], version: "0.1.0" };
export const person: Me = { id: "1", kind: "person", organization: { id: id(9, 1), name: "Saguaro Power & Light", owner: true }, email: "metering@saguaro.example", name: "Metering department", roles: ["metering"], permissions: ["ledger.view", "library.view", "meter.program", "meter.read", "meter.view"] };

const program = { id: id(1, 1), code: "APSET2", version: 6, digest: digest(0x1f3a), name: "Residential time of use, 12 to 7 p.m. (APS ET-2)" };
const earlier = { ...program, id: id(1, 2), version: 5, digest: digest(0x77c1) };
const demand = { id: id(1, 3), code: "GS2TOUB", version: 1, digest: digest(0x9e02), name: "General service time of use with demand (SCE GS-2 TOU B)" };

export const meterId = id(2, 0);
const count = 24;

export const meters: Meter[] = Array.from({ length: count }, (_, index) => ({
  id: id(2, index),
  manufacturer: "MSMT",
  serial: String(13_022_906 + index * 7),
  deviceType: index % 6 === 5 ? "ix-4s" : "rx-2s",
  address: `tcp:127.20.0.${index + 3}:1153`,
  servicePoint: index === 3 ? null : `SP-${4410 + index}`,
  registeredAt: ago(300 * 24 * hour),
  lastSeenAt: index === 9 ? null : ago((index % 5) * hour + 90_000),
}));

const states: Readonly<Record<number, Pick<Session, "state" | "reason" | "waitsFor" | "progress">>> = {
  4: { state: "running", reason: null, waitsFor: null, progress: { step: "write table 54, bytes 256 to 384", done: 7, total: 12 } },
  6: { state: "waiting", reason: null, waitsFor: "one of 8 sessions to end", progress: null },
  11: { state: "failed", reason: "The meter hung up after table 54, bytes 0 to 255 were acknowledged", waitsFor: null, progress: null },
  17: { state: "refused", reason: "Table 6, field EX1_SW_VENDOR may not be changed by this role", waitsFor: null, progress: null },
};

export const sessions: Session[] = meters.flatMap((meter, index): Session[] => {
  if (index === 9) return [];
  const special = states[index];
  const running = special?.state === "running" || special?.state === "waiting";
  const { id: programId, code, version, digest: programDigest } = meter.deviceType === "ix-4s" ? demand : program;
  return [{
    id: id(3, index),
    meterId: meter.id,
    serial: meter.serial,
    kind: "program",
    program: { id: programId, code, version, digest: programDigest },
    state: "verified",
    reason: null,
    waitsFor: null,
    progress: null,
    ...special,
    requestedAt: ago(2 * hour + index * 60_000),
    requestedBy: person.email,
    startedAt: ago(2 * hour + index * 60_000 - 2000),
    endedAt: running ? null : ago(2 * hour + index * 60_000 - 9400),
  }];
});

const known = (index: number): boolean => index !== 9 && states[index] === undefined;

export const associations: Association[] = meters.flatMap((meter, index): Association[] => {
  if (!known(index)) return [];
  return [
    { id: id(4, index), meterId: meter.id, serial: meter.serial, program: meter.deviceType === "ix-4s" ? demand : program, from: ago(95 * 24 * hour + index * hour), to: null, knownBy: "read back", by: person.email, sessionId: id(3, index) },
    ...(index === 0 ? [{ id: id(5, index), meterId: meter.id, serial: meter.serial, program: earlier, from: ago(290 * 24 * hour), to: ago(95 * 24 * hour), knownBy: "read back" as const, by: person.email, sessionId: id(3, index) }] : []),
  ];
});

export const sessionDetail: SessionDetail = {
  ...(sessions[0] ?? { id: id(3, 0), meterId, serial: "", kind: "read", program: null, state: "read", waitsFor: null, progress: null, requestedAt: ago(0), requestedBy: "", startedAt: null, endedAt: null, reason: null }),
  steps: ["connected to tcp:127.20.0.3:1153", "identified: C12.18, version 1", "negotiated packets of 512 bytes", "logged on as programmer", "read tables 0, 11, 21, 51", "compared 9 tables: 214 fields differ, all allowed", "wrote table 54", "verified", "logged off"].map((text, index) => ({ at: ago(2 * hour - index * 700), text })),
  changes: [
    { table: 54, path: "NON_RECURR_DATES[0].NON_RECURR_DATE", offset: 0, before: "2025-07-04", after: "2026-07-03" },
    { table: 54, path: "TIER_SWITCHES[1].TIER_SWITCH.SWITCH_HOUR", offset: 363, before: "9", after: "12" },
    { table: 6, path: "TARIFF_ID", offset: 40, before: "APSET2", after: "APSET2" },
  ],
  written: [
    { table: 54, offset: 0, octets: 412, state: "acknowledged" },
    { table: 6, offset: 40, octets: 60, state: "acknowledged" },
  ],
  mismatches: [],
  liveState: [
    { name: "Mode", value: "metering", expected: "metering", ok: true },
    { name: "Clock error", value: "0.4 s", expected: "at most 2 s", ok: true },
    { name: "Tier", value: "1", expected: "1", ok: true },
    { name: "Season", value: "0", expected: "0", ok: true },
    { name: "Program identity", value: "APSET2 v6", expected: "APSET2 v6", ok: true },
  ],
  readBack: [[0, "GEN_CONFIG_TBL", 96], [6, "UTIL_INFO_TBL", 285], [12, "UOM_ENTRY_TBL", 16], [22, "DATA_SELECTION_TBL", 14], [53, "TIME_OFFSET_TBL", 11], [54, "CALENDAR_TBL", 505]].map(([table, name, octets], index) => ({ table: Number(table), name: String(name), octets: Number(octets), digest: digest(0x5100 + index) })),
};

const hours = (onPeak: boolean): MeterCalendar["pictures"][number]["cells"][number] => Array.from({ length: 24 }, (_, each) => ({ tier: onPeak && each >= 12 && each < 19 ? 1 : 0, mixed: false }));

export const calendar: MeterCalendar = {
  meterId,
  readAt: ago(2 * hour),
  tableDigest: digest(0x5105),
  clock: "standard time",
  zone: "America/Phoenix",
  endsOn: "2035-12-31",
  tiers: [{ tier: 0, name: "Off-peak" }, { tier: 1, name: "On-peak" }],
  seasons: [{ season: 0, name: "Summer", from: "1 May" }, { season: 1, name: "Winter", from: "1 November" }],
  pictures: [
    { dayType: "weekday", cells: Array.from({ length: 12 }, () => hours(true)) },
    { dayType: "weekend", cells: Array.from({ length: 12 }, () => hours(false)) },
  ],
  specialDays: ["2026-12-25", "2027-01-01", "2027-07-05"].map((date) => ({ date, schedule: "holiday, all off-peak" })),
};

/** Four tiers, three kinds of day and changes on the half hour, to see the picture at its fullest. */
export const fullCalendar: MeterCalendar = {
  ...calendar,
  tiers: [{ tier: 0, name: "Super off-peak" }, { tier: 1, name: "Off-peak" }, { tier: 2, name: "Mid-peak" }, { tier: 3, name: "On-peak" }],
  pictures: (["weekday", "saturday", "sunday"] as const).map((dayType) => ({
    dayType,
    cells: Array.from({ length: 12 }, (_, month) => Array.from({ length: 24 }, (_each, each) => {
      const summer = month >= 5 && month < 9;
      const peak = dayType === "sunday" ? 1 : summer ? 3 : 2;
      const tier = each >= 16 && each < 21 ? peak : each >= 8 && each < 16 ? (summer ? 1 : 0) : 1;
      return { tier, mixed: dayType === "weekday" && each === 15 };
    })),
  })),
};

const mask = "ff".repeat(64);
const image = (table: number, name: string) => ({ table, name, bytes: "00".repeat(64), mask });

export const programDetail: ProgramDetail = {
  ...program,
  deviceType: "rx-2s",
  tariffName: "ET-2 residential time of use",
  tariffFile: "aps-et-2-tou.json",
  createdAt: ago(100 * 24 * hour),
  createdBy: "rates@works.example",
  report: [
    { parameter: "calendar.daySchedules[0].switches[1]", table: 54, field: "TIER_SWITCHES[1].TIER_SWITCH.SWITCH_HOUR", offset: 363, octets: 2, value: "12" },
    { parameter: "calendar.daySchedules[0].switches[2]", table: 54, field: "TIER_SWITCHES[2].TIER_SWITCH.SWITCH_HOUR", offset: 366, octets: 2, value: "19" },
    { parameter: "identity.code", table: 6, field: "TARIFF_ID", offset: 40, octets: 8, value: "APSET2" },
  ],
  document: {
    format: "metersmith-program/1",
    code: program.code,
    version: program.version,
    name: program.name,
    deviceType: { id: "rx-2s", version: "1.0.0", digest: digest(0xd001) },
    parameters: { clock: { mode: "standard", zone: "America/Phoenix" }, calendar: { tiers: ["Off-peak", "On-peak"], seasons: [{ name: "Summer", from: "05-01" }, { name: "Winter", from: "11-01" }] } },
    tariff: { file: "aps-et-2-tou.json", name: "ET-2 residential time of use", utility: "Arizona Public Service Co" },
    staysInBilling: [{ field: "fixedmonthlycharge", message: "16.91 $ per month is charged by the billing system" }],
    warnings: [{ field: "enddate", message: "The rate ends on 2027-06-30; the calendar goes on until 2035" }],
    build: { digest: program.digest, writes: [image(54, "CALENDAR_TBL"), image(6, "UTIL_INFO_TBL")], checks: [image(0, "GEN_CONFIG_TBL"), image(11, "ACT_SOURCES_LIM_TBL")] },
    digest: digest(0xd0c0),
  },
};

const { createdAt, createdBy, ...kept } = programDetail;
export const libraryProgram: LibraryProgramDetail = { ...kept, receivedAt: createdAt, receivedBy: createdBy };
export const libraryDemandProgram: LibraryProgramDetail = { ...libraryProgram, ...demand, deviceType: "ix-4s", tariffName: "TOU-GS-2-B" };
