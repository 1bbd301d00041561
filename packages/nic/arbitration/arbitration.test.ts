import type { PsemDevice, Refusal, ResponseCode } from "@metersmith/psem";
import { describe, expect, test } from "vitest";
import { Arbiter, type SessionRule, type SessionSide } from "./arbiter.ts";

/** A board that notes what reaches it. The password is whether its first octet is 1. */
class NotingBoard implements PsemDevice {
  readonly calls: string[] = [];
  identification = (): ReturnType<PsemDevice["identification"]> => ({ standard: 0, version: 1, revision: 0, features: [] });
  logon = (): ResponseCode => this.#note("logon", "ok");
  security = (password: Uint8Array): ResponseCode => this.#note("security", password[0] === 1 ? "ok" : "err");
  read = (): Uint8Array => this.#note("read", Uint8Array.of(1));
  readOffset = (): Uint8Array => this.#note("read", Uint8Array.of(1));
  write = (): ResponseCode => this.#note("write", "ok");
  writeOffset = (): ResponseCode => this.#note("write", "ok");
  readIndex = (): Uint8Array => this.#note("read", Uint8Array.of(1));
  logoff = (): ResponseCode => this.#note("logoff", "ok");
  terminated = (reason: string): void => this.#note(`terminated ${reason}`, undefined);

  #note<Answer>(call: string, answer: Answer): Answer {
    this.calls.push(call);
    return answer;
  }
}

const right = Uint8Array.of(1);
const wrong = Uint8Array.of(0);
type Step = "logon" | "security" | "read" | "write" | "logoff";
const steps: readonly Step[] = ["logon", "security", "read", "write", "logoff"];

function take(device: PsemDevice, step: Step): ResponseCode {
  const coded = (answer: Uint8Array | Refusal): ResponseCode => (typeof answer === "string" ? answer : "ok");
  switch (step) {
    case "logon": return device.logon(1, "one");
    case "security": return device.security(right);
    case "read": return coded(device.read(1));
    case "write": return device.write(6, Uint8Array.of(1));
    case "logoff": return device.logoff();
  }
}

function pair(rule: SessionRule, first: SessionSide = "local") {
  const arbiter = new Arbiter(rule);
  const [firstBoard, otherBoard] = [new NotingBoard(), new NotingBoard()];
  const second: SessionSide = first === "local" ? "network" : "local";
  return { arbiter, firstBoard, otherBoard, first: arbiter.device(first, firstBoard), other: arbiter.device(second, otherBoard) };
}

const through = (device: PsemDevice, some: readonly Step[]): ResponseCode[] => some.map((step) => take(device, step));

describe.each<SessionSide>(["local", "network"])("[I2FR26] a session from the %s side, and one of the other side at every step of it", (side) => {
  const places = steps.map((_, at) => at).concat(steps.length);

  test.each(places)("together: both work, step %i", (at) => {
    const { first, other } = pair("together", side);
    expect([...through(first, steps.slice(0, at)), ...through(other, ["logon", "security", "read", "write"]), ...through(first, steps.slice(at))]).toEqual(Array(9).fill("ok"));
  });

  test.each(places)("exclusive: who shows its password first stays, step %i", (at) => {
    const { first, other, firstBoard, otherBoard } = pair("exclusive", side);
    const begun = through(first, steps.slice(0, at));
    const others = through(other, ["logon", "security", "read", "write"]);
    const rest = through(first, steps.slice(at));
    const holds = at >= 2 && at < steps.length;
    expect(begun.every((code) => code === "ok")).toBe(true);
    if (holds) {
      expect(others).toEqual(["bsy", "bsy", "bsy", "bsy"]);
      expect(otherBoard.calls).toEqual([]);
      expect(rest.every((code) => code === "ok")).toBe(true);
      // And once it is over, the other is let in.
      expect(through(other, ["logon", "security", "read"])).toEqual(["ok", "ok", "ok"]);
    } else {
      expect(others).toEqual(["ok", "ok", "ok", "ok"]);
      expect(rest).toEqual(steps.slice(at).map((step) => (step === "logoff" ? "ok" : "bsy")));
      expect(firstBoard.calls).toEqual([...steps.slice(0, at), ...(at < steps.length ? ["logoff"] : [])]);
    }
  });

  test.each(places)("the other goes first: the session is ended, and knows, step %i", (at) => {
    const { first, other, firstBoard, otherBoard } = pair(side === "local" ? "network-first" : "local-first", side);
    through(first, steps.slice(0, at));
    expect(through(other, ["logon", "security", "read", "write"])).toEqual(["ok", "ok", "ok", "ok"]);
    expect(otherBoard.calls).toEqual(["logon", "security", "read", "write"]);
    const held = at >= 2 && at < steps.length;
    expect(firstBoard.calls).toEqual([...steps.slice(0, at), ...(held ? ["terminated hung-up"] : [])]);
    // While the other is at work.
    expect(through(first, ["read", "write", "security"])).toEqual(["bsy", "bsy", "bsy"]);
    expect(take(first, "logon")).toBe("bsy");
    // Afterwards the old session is over, and a new one is like any other.
    take(other, "logoff");
    if (held) expect(through(first, ["read", "write", "security"])).toEqual(["isss", "isss", "isss"]);
    expect(take(first, "logoff")).toBe("ok");
    expect(through(first, steps)).toEqual(Array(5).fill("ok"));
  });

  test("the one that goes first is let in to show its password, and to nothing before", () => {
    const { first, other, firstBoard } = pair(side === "local" ? "network-first" : "local-first", side);
    through(first, ["logon", "security"]);
    expect(take(other, "logon")).toBe("ok");
    expect(through(other, ["read", "write"])).toEqual(["bsy", "bsy"]);
    expect(other.security(wrong)).toBe("err");
    expect(through(other, ["read", "write"])).toEqual(["bsy", "bsy"]);
    expect(through(first, ["read", "write"])).toEqual(["ok", "ok"]);
    expect(firstBoard.calls).not.toContain("terminated hung-up");
  });

  test("a session without a password keeps nobody out", () => {
    for (const rule of ["exclusive", "local-first", "network-first"] as const) {
      const { first, other } = pair(rule, side);
      through(first, ["logon", "read"]);
      first.security(wrong);
      expect(through(other, ["logon", "security", "read"])).toEqual(["ok", "ok", "ok"]);
    }
  });
});

describe("the end of a session", () => {
  test.each(["terminated", "silent", "link-failed", "hung-up"] as const)("by %s lets the other side in", (reason) => {
    const { first, other, firstBoard } = pair("exclusive");
    through(first, ["logon", "security"]);
    expect(take(other, "logon")).toBe("bsy");
    first.terminated(reason);
    expect(firstBoard.calls.at(-1)).toBe(`terminated ${reason}`);
    expect(take(other, "logon")).toBe("ok");
  });

  test("by a wrong password after the right one lets the other side in too", () => {
    const { first, other } = pair("exclusive");
    through(first, ["logon", "security"]);
    first.security(wrong);
    expect(through(other, ["logon", "security"])).toEqual(["ok", "ok"]);
  });

  test("is told to the board once, though the connection ends later", () => {
    const { first, other, firstBoard } = pair("network-first");
    through(first, ["logon", "security"]);
    through(other, ["logon", "security"]);
    first.terminated("silent");
    expect(firstBoard.calls).toEqual(["logon", "security", "terminated hung-up"]);
    // The connection's next session is told of its own end again.
    take(other, "logoff");
    through(first, ["logon"]);
    first.terminated("silent");
    expect(firstBoard.calls.slice(3)).toEqual(["logon", "terminated silent"]);
  });
});

test("sessions of one side do not keep each other out", () => {
  const arbiter = new Arbiter("exclusive");
  const [one, two] = [new NotingBoard(), new NotingBoard()].map((board) => arbiter.device("network", board)) as [PsemDevice, PsemDevice];
  expect([...through(one, ["logon", "security"]), ...through(two, ["logon", "security", "read"]), ...through(one, ["read"])]).toEqual(Array(6).fill("ok"));
});

test("two sessions of one side are both ended by the side that goes first", () => {
  const arbiter = new Arbiter("local-first");
  const boards = [new NotingBoard(), new NotingBoard(), new NotingBoard()] as const;
  const [one, two] = [arbiter.device("network", boards[0]), arbiter.device("network", boards[1])];
  through(one, ["logon", "security"]);
  through(two, ["logon", "security"]);
  through(arbiter.device("local", boards[2]), ["logon", "security"]);
  expect([boards[0].calls.at(-1), boards[1].calls.at(-1)]).toEqual(["terminated hung-up", "terminated hung-up"]);
});

test("services that a board lacks stay lacking; those it has are arbitrated", () => {
  const { first, other } = pair("exclusive");
  through(first, ["logon"]);
  expect([first.readIndex?.(1, [0], 1), first.writeIndex?.(1, [0], right), first.readDefault?.(), first.writeDefault?.(right)]).toEqual([Uint8Array.of(1), "sns", "sns", "sns"]);
  through(other, ["logon", "security"]);
  expect(first.readIndex?.(1, [0], 1)).toBe("bsy");
});

test("another rule holds for what comes next", () => {
  const { arbiter, first, other } = pair("exclusive");
  through(first, ["logon", "security"]);
  arbiter.setRule("together");
  expect(through(other, ["logon", "security", "read"])).toEqual(["ok", "ok", "ok"]);
  arbiter.setRule("local-first");
  expect(take(other, "read")).toBe("ok");
});
