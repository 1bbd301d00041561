import { digestOf } from "@metersmith/base/digest";
import { expect, test } from "vitest";
import { agreementRefusals, descriptionJson, directiveJson, readLibrary, type Directive, type NewTarget, type TargetFile } from "../index.ts";
import { ClientUnderTest, program, RepositoryUnderTest } from "../testing/repository-under-test.ts";

const content = new TextEncoder().encode("a program");
const image = { length: content.length, digest: digestOf(content), deviceType: "rx-2s", counter: 12 };
const meter = { serial: "00012345", deviceType: "rx-2s" };
const repository: TargetFile = { path: "programs/north/et2", length: image.length, digest: image.digest, custom: descriptionJson(image) };
const directive: Directive = { deviceType: "rx-2s", counter: 12, meters: [{ least: "00012000", most: "00012999" }] };
const director: TargetFile = { ...repository, custom: directiveJson(directive) };
const codes = (...args: Parameters<typeof agreementRefusals>): string[] => agreementRefusals(...args).map(({ wall, code }) => `${wall} ${code}`);

test("[MFG-2] an image that both list exactly so, for this meter, is let through", () => {
  expect(agreementRefusals(image, meter, { repository, director })).toEqual([]);
  expect(agreementRefusals(image, meter, { repository, director: { ...director, custom: directiveJson({ ...directive, meters: "all" }) } })).toEqual([]);
});

test.each([
  ["neither lists it", {}, {}, ["repository unlisted", "director unlisted"]],
  ["a breach of the manufacturer alone", { repository: { ...repository, digest: digestOf(Uint8Array.of(1)) } }, { director }, ["repository digest"]],
  ["another length", { repository: { ...repository, length: 1 } }, { director: { ...director, length: 2 } }, ["repository length", "director length"]],
  ["another counter", { repository: { ...repository, custom: descriptionJson({ ...image, counter: 11 }) } }, { director: { ...director, custom: directiveJson({ ...directive, counter: 13 }) } }, ["repository counter", "director counter"]],
  ["another device type", { repository }, { director: { ...director, custom: directiveJson({ ...directive, deviceType: "rx-9s" }) } }, ["director device-type", "director device-type"]],
  ["no description", { repository: { path: repository.path, length: image.length, digest: image.digest } }, { director }, ["repository bad-description"]],
  ["a description with more than is understood", { repository: { ...repository, custom: { ...descriptionJson(image), until: 3 } } }, { director }, ["repository bad-description"]],
  ["a directive that says for nobody what the meter should be", { repository }, { director: { ...director, custom: directiveJson({ ...directive, meters: [] }) } }, ["director meter"]],
] as const)("%s is refused by the walls that it meets", (_, ofManufacturer, ofUtility, expected) => {
  expect(codes(image, meter, { repository: undefined, director: undefined, ...ofManufacturer, ...ofUtility })).toEqual(expected);
});

test.each([
  ["00011999", false], ["00012000", true], ["00012999", true], ["00013000", false],
  ["12345", false],
  ["000123450", false],
])("meter %s: meant is %s", (serial, meant) => {
  expect(codes(image, { ...meter, serial }, { repository, director })).toEqual(meant ? [] : ["director meter"]);
});

test("[MFG-2] the keys of one side, stolen, put no image on a meter: the other wall refuses", async () => {
  const [manufacturer, utility] = [await RepositoryUnderTest.make("images"), await RepositoryUnderTest.make("director")];
  const honest = program("et2", "honest", 1);
  const meant = (target: NewTarget): NewTarget => ({ path: target.path, length: target.length, digest: target.digest, custom: directiveJson({ deviceType: "rx-2s", counter: 1, meters: "all" }) });
  await manufacturer.publish([honest]);
  await utility.publish([meant(honest)]);
  const sides = async () => {
    const of = async (repository: RepositoryUnderTest, withContent: boolean) => {
      const client = await ClientUnderTest.begin(repository);
      await client.sync({ withContent });
      return (await readLibrary(client.store))?.targets.get("programs/north/et2");
    };
    return { repository: await of(manufacturer, true), director: await of(utility, false) };
  };
  const judged = async (target: NewTarget): Promise<string[]> => codes({ length: target.length, digest: target.digest, deviceType: "rx-2s", counter: 1 }, meter, await sides());
  expect(await judged(honest)).toEqual([]);
  const evil = program("et2", "forged", 1);
  // Whoever has all online keys of the manufacturer publishes what they like: it is not what the utility means.
  await manufacturer.publish([evil]);
  expect(await judged(evil)).toEqual(["director length", "director digest"].filter((code) => code === "director digest" || evil.length !== honest.length));
  await manufacturer.publish([honest]);
  // Whoever has the utility's means something that the manufacturer never listed.
  await utility.publish([meant(evil)]);
  expect(await judged(evil)).toEqual(["repository digest"]);
});
