import type { Provocation, ProvocationKind, ProvocationOf } from "@metersmith/meter";
import { z } from "zod";
import { StreetError } from "../street-error.ts";

const octet = z.int().min(0).max(255);
const table = z.int().min(0).max(4095);
const offset = z.int().min(0).max(65_535);
const factor = z.number().min(-1000).max(1000);

/** Seconds. */
const shot = z.strictObject({ tripsAfter: z.number().min(0).max(3600), opensFor: z.number().min(0).max(3600) });

/** What packages/meter can provoke inside a meter or at its socket (docs/reference/diagnostics.md). */
const provocation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("cover-open") }),
  z.strictObject({ kind: z.literal("tilted"), degrees: z.number().min(0).max(180) }),
  z.strictObject({ kind: z.literal("line-reversed") }),
  z.strictObject({ kind: z.literal("phase-missing"), phase: z.int().min(0).max(2) }),
  z.strictObject({ kind: z.literal("foreign-voltage"), factor: z.number().min(0).max(10) }),
  z.strictObject({ kind: z.literal("rotation-reversed") }),
  z.strictObject({ kind: z.literal("front-end-drift"), gain: z.number().min(0).max(10) }),
  z.strictObject({ kind: z.literal("register-bits-stuck"), offset, mask: octet, value: octet }),
  z.strictObject({ kind: z.literal("program-bits-flipped"), table, offset, mask: octet }),
  z.strictObject({ kind: z.literal("memory-worn-out") }),
  z.strictObject({ kind: z.literal("working-memory-stuck"), cell: z.int().min(0).max(65_535), mask: octet }),
  z.strictObject({ kind: z.literal("oscillator-drift"), partsPerMillion: z.number().min(-100_000).max(100_000) }),
  z.strictObject({ kind: z.literal("battery-drained"), millivolts: z.int().min(0).max(65_535) }),
  z.strictObject({ kind: z.literal("firmware-damaged"), offset: z.int().min(0).max(16_777_215), mask: octet }),
  z.strictObject({ kind: z.literal("firmware-update-failed"), reason: octet }),
  z.strictObject({ kind: z.literal("fault-current"), amperes: z.number().gt(0).max(100_000), volts: z.number().min(0).max(1000), recloser: z.array(shot).max(10) }),
  z.strictObject({ kind: z.literal("switch-stuck") }),
  z.strictObject({ kind: z.literal("switch-hot"), celsius: z.number().min(-60).max(1000) }),
  z.strictObject({ kind: z.literal("fed-from-behind"), volts: z.number().min(0).max(1000) }),
]);

/** What happens on the line in front of a meter. Needs an end. */
const onLine = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("outage") }),
  z.strictObject({ kind: z.literal("line-disturbed"), voltage: z.number().min(0).max(10).default(1), current: factor.default(1), phases: z.array(z.int().min(0).max(2)).min(1).max(3).optional() }),
]);

/** What the communications card does at its board: it cannot reach somebody, and says so once a minute; or the network has it set the clock. */
const byCard = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("link-lost"), link: z.enum(["head-end", "home-device"]), device: z.int().min(0).max(65_535).default(0) }),
  z.strictObject({ kind: z.literal("clock-set") }),
]);

/** All that is said must hold; where nothing is, every meter is meant. */
const whichMeters = z
  .strictObject({ from: z.int().min(0).optional(), to: z.int().min(0).optional(), fraction: z.number().gt(0).max(1).optional(), deviceType: z.string().max(16).optional() })
  .superRefine(({ from = 0, to = from }, context) => {
    if (to < from) context.addIssue({ code: "custom", path: ["to"], message: `${to} comes before from, ${from}` });
  });

const name = z.string().min(1).max(60).regex(/^[\x20-\x7e]+$/, "visible ASCII characters");
const minutes = z.number().min(0).max(525_600);
const happening = z
  .strictObject({ name, atMinutes: minutes, forMinutes: minutes.gt(0).optional(), meters: whichMeters.optional(), provoke: provocation.optional(), line: onLine.optional(), card: byCard.optional() })
  .superRefine(({ forMinutes, provoke, line, card }, context) => {
    if ([provoke, line, card].filter((one) => one !== undefined).length !== 1) context.addIssue({ code: "custom", path: [], message: "expected one of provoke, line and card" });
    else if (card?.kind === "clock-set" && forMinutes !== undefined) context.addIssue({ code: "custom", path: ["forMinutes"], message: "a clock is set at once" });
    else if (line && forMinutes === undefined) context.addIssue({ code: "custom", path: ["forMinutes"], message: "what happens on a line needs an end" });
  });

const scenario = z.strictObject({
  title: name,
  about: z.string().min(1).max(500),
  /** Seconds of the meters' world in one of the machine's. */
  timeFactor: z.number().min(1).max(1000).default(1),
  /** Draws the meters of a fraction. */
  seed: z.int().min(0).max(4_294_967_295).default(1),
  happenings: z.array(happening).max(1000),
});

export type Scenario = z.infer<typeof scenario>;
export type LineHappening = z.infer<typeof onLine>;
export type WhichMeters = z.infer<typeof whichMeters>;
export type CardHappening = z.infer<typeof byCard>;
/** As it stands in a file: a fault begins when its happening does. */
export type ScenarioProvocation = Within<z.infer<typeof provocation>, Exclude<Provocation, ProvocationOf<"fault-current">> | Omit<ProvocationOf<"fault-current">, "from">>;
/** What packages/meter can provoke and the form above lacks does not compile, nor the other way round. */
export type ScenarioKind = Within<ProvocationKind, z.infer<typeof provocation>["kind"]>;
type Within<Part extends Whole, Whole> = Part;

/** Reads a scenario (docs/reference/scenarios.md). `file` names it in messages. Throws `bad-scenario` with the first place that is wrong and why. */
export function readScenario(text: string, file: string): Scenario {
  const refused = (place: string, why: string, cause?: unknown): StreetError => new StreetError("input", "bad-scenario", `${file}${place === "" ? "" : `, ${place}`}: ${why}.`, { file, ...(place === "" ? {} : { field: place }) }, cause);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused("", `no JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
  const read = scenario.safeParse(value);
  if (read.success) return read.data;
  const [{ path, message } = { path: [], message: "expected a scenario" }] = read.error.issues;
  throw refused(placeOf(path), message.replace(/\.$/, ""));
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, step) => (typeof step === "number" ? `${place}[${step}]` : place === "" ? String(step) : `${place}.${String(step)}`), "");
}
