import { expect, test } from "vitest";
import { ApiFailure } from "./api-failure.ts";
import { readJsonFile } from "./json-file.ts";

test("a chosen file gives its value", async () => {
  expect(await readJsonFile(new File(['{"rate": [1]}'], "rate.json"))).toEqual({ rate: [1] });
});

test("a file that is not JSON is refused by its name and by what is wrong with it", async () => {
  const failure: unknown = await readJsonFile(new File(['{"rate": }'], "rate.json")).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiFailure);
  expect(failure).toMatchObject({ code: "refused", message: expect.stringMatching(/^rate\.json: .*Choose another file\.$/) });
});
