import { expect, test } from "vitest";
import { exampleParameters, exampleTariff } from "../testing/example-files.ts";
import { billingDeterminants } from "./billing-determinants.ts";

test("GS-2 gives billing a row for each register's total and tiers, with the place of each price by season", () => {
  const rows = billingDeterminants(exampleParameters("sce-gs-2-tou-b-single-phase"), exampleTariff("sce-gs-2-tou-b-single-phase").fold);
  expect(rows.filter(({ quantity }) => quantity === "kWh-delivered").map(({ tierName, billingCode, pricedBy }) => [tierName, billingCode, pricedBy])).toEqual([
    ["total", "GS-2-B-kWh-delivered-T", []],
    ["off-peak", "GS-2-B-kWh-delivered-T0", ["winter: energyratestructure[0]", "summer: energyratestructure[2]"]],
    ["mid-peak", "GS-2-B-kWh-delivered-T1", ["winter: energyratestructure[1]", "summer: energyratestructure[3]"]],
    ["on-peak", "GS-2-B-kWh-delivered-T2", ["summer: energyratestructure[4]"]],
  ]);
  expect(rows.find(({ quantity, tier }) => quantity === "kW-delivered" && tier === 2)?.pricedBy).toEqual(["summer: demandratestructure[2]"]);
});

test("the code of energy delivered is the one that is published; what is only recalled says so", () => {
  const rows = billingDeterminants(exampleParameters("jea-rs-flat"), exampleTariff("jea-rs-flat").fold);
  expect(rows[0]).toMatchObject({ readingType: "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0", certainty: "confirmed", tierName: "total", pricedBy: ["all year: energyratestructure[0]"] });
  const demand = billingDeterminants(exampleParameters("dominion-va-gs-3"), exampleTariff("dominion-va-gs-3").fold).find(({ quantity }) => quantity === "kvar-lagging");
  expect(demand).toMatchObject({ certainty: "unverified", unit: "kvar" });
});

test("every code is made once, and the billing system's own takes its place", () => {
  const [parameters, { fold }] = [exampleParameters("pge-e-19-secondary-tou-demand"), exampleTariff("pge-e-19-secondary-tou-demand")];
  const rows = billingDeterminants(parameters, fold, new Map([["E-19-S-kWh-delivered-T2", "4711"]]));
  expect(new Set(rows.map(({ billingCode }) => billingCode)).size).toBe(rows.length);
  expect(rows.filter(({ billingCode }) => billingCode === "4711")).toMatchObject([{ tierName: "on-peak" }]);
});
