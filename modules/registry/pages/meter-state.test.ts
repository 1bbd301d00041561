import { expect, test } from "vitest";
import type { Association, Session } from "../../ledger/api/contract.ts";
import { latestByMeter, meterState, newestEnd } from "./meter-state.ts";

const program = { id: "0197a000-0000-7000-8000-000000000001", code: "ET-2", version: 1, digest: "sha256:00" };
const session: Session = {
  id: "0197a000-0000-7000-8000-000000000002",
  meterId: "0197a000-0000-7000-8000-000000000003",
  serial: "13022906",
  kind: "program",
  program,
  state: "verified",
  waitsFor: null,
  progress: null,
  requestedAt: "2026-11-21T07:00:00.000Z",
  requestedBy: "metering",
  startedAt: null,
  endedAt: null,
  reason: null,
};
const association: Association = {
  id: "0197a000-0000-7000-8000-000000000004",
  meterId: session.meterId,
  serial: session.serial,
  program: { ...program, name: "Residential time of use" },
  from: "2026-11-21T07:00:10.000Z",
  to: null,
  knownBy: "read back",
  by: "metering",
  sessionId: session.id,
};

test("a meter that was programmed says how that is known", () => {
  expect(meterState(session, association)).toEqual({ kind: "done", word: "programmed", detail: "read back" });
});

test("[MFG-5] a later failed session is shown before the program that still runs", () => {
  expect(meterState({ ...session, state: "failed", reason: "The meter hung up" }, association)).toEqual({ kind: "failed", word: "failed", detail: "The meter hung up" });
  expect(meterState({ ...session, state: "read", kind: "read" }, association).word).toBe("programmed");
});

test("a waiting session says what for, a running one what it does", () => {
  expect(meterState({ ...session, state: "waiting", waitsFor: "the session before it" }, undefined)).toEqual({ kind: "waiting", word: "waiting", detail: "for the session before it" });
  expect(meterState({ ...session, state: "running", progress: { step: "write table 54", done: 3, total: 9 } }, undefined)).toEqual({ kind: "running", word: "programming", detail: "write table 54" });
});

test("a meter nobody spoke with has no program", () => {
  expect(meterState(undefined, undefined)).toEqual({ kind: "off", word: "not programmed", detail: "no session with it yet" });
});

test("the newest session of each meter is found whatever their order", () => {
  const later = { ...session, id: "0197a000-0000-7000-8000-000000000005", requestedAt: "2026-11-21T08:00:00.000Z" };
  expect(latestByMeter([session, later]).get(session.meterId)?.id).toBe(later.id);
  expect(latestByMeter([later, session]).get(session.meterId)?.id).toBe(later.id);
});

test("the end that is looked for is that of the session that ended last, whatever is still open", () => {
  const ended = (endedAt: string | null): Session => ({ ...session, endedAt });
  expect(newestEnd([ended("2026-11-21T07:00:09.000Z"), ended(null), ended("2026-11-21T07:00:10.000Z")])).toBe("2026-11-21T07:00:10.000Z");
  expect(newestEnd([ended(null)])).toBeNull();
  expect(newestEnd(undefined)).toBeUndefined();
});
