import { expect, test } from "vitest";
import { readCommand, usage } from "./command-line.ts";

test("without arguments it goes on with what there is", () => {
  expect(readCommand([])).toEqual({ once: false, empty: false, json: false });
});

test("every option of the help is read", () => {
  expect(readCommand(["--once", "--json", "--port", "5000", "--meters", "30"])).toEqual({ once: true, empty: false, json: true, port: 5000, meters: 30 });
  expect(readCommand(["--help"])).toBe("help");
  for (const option of ["--once", "--json", "--empty", "--port", "--meters", "--help"]) expect(usage).toContain(option);
});

test.each([
  [["--prot", "5000"], /--prot/],
  [["once"], /once/],
  [["--port"], /--port/],
  [["--port", "80a"], /--port takes a whole number from 1 to 65534, not "80a"/],
  [["--port", "65535"], /65534/],
  [["--port", "-1"], /--port/],
  [["--meters", "5001"], /--meters/],
  [["--once", "--empty"], /choose one/],
])("%j is told to be wrong, and how", (args, message) => {
  expect(readCommand(args)).toEqual({ wrong: expect.stringMatching(message) });
});
