import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { scramVerifier } from "./scram-verifier.ts";

test("the server key signs the exchange of RFC 7677, section 3, as that document has it", () => {
  const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
  const [scheme, iterations, keys] = scramVerifier("pencil", salt).split(/\$|(?<=4096):/).filter((part) => !part.startsWith("W22"));
  expect([scheme, iterations]).toEqual(["SCRAM-SHA-256", "4096"]);
  const serverKey = Buffer.from(keys?.split(":")[1] ?? "", "base64");
  const authMessage = [
    "n=user,r=rOprNGfwEbeRWgbNEkqO",
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
  ].join(",");
  const signature = createHmac("sha256", serverKey).update(authMessage).digest("base64");
  expect(signature).toBe("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
});
