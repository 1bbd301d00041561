import { withoutPad } from "../codec/text.ts";
import { TablesError } from "../tables-error.ts";
import type { Fragment, FragmentCondition } from "./fragment.ts";

/** What a meter says of itself in table 1. */
export interface MeterIdentity {
  /** MANUFACTURER and ED_MODEL, without their pad. */
  readonly manufacturer: string;
  readonly model: string;
  /** FW_VERSION and FW_REVISION. */
  readonly firmware: readonly [version: number, revision: number];
}

/** Whether a fragment holds for a meter. Throws `bad-fragment` where it depends on an identity that is not given. */
export function holdsFor({ name, when }: Fragment, identity: MeterIdentity | undefined): boolean {
  if (!when) return true;
  if (!identity) {
    throw new TablesError("misuse", "bad-fragment", `Fragment ${name} holds for some meters only, and whose table 1 it is to be held against was not said.`, { field: `${name}.when` });
  }
  return (
    (when.manufacturer === undefined || when.manufacturer === identity.manufacturer) &&
    (when.model === undefined || when.model === identity.model) &&
    firmwareWithin(when.firmware ?? {}, identity.firmware)
  );
}

/** The identity in a tree of table 1, as `MeterContext.decode(1, …).tree()` and a factory's file have it; what is missing is blank or zero. */
export function identityFrom(generalIdentification: unknown): MeterIdentity {
  const tree = typeof generalIdentification === "object" && generalIdentification !== null ? (generalIdentification as { readonly [field: string]: unknown }) : {};
  const text = (field: string): string => (typeof tree[field] === "string" ? withoutPad(tree[field]) : "");
  const number = (field: string): number => (typeof tree[field] === "number" ? tree[field] : 0);
  return { manufacturer: text("MANUFACTURER"), model: text("ED_MODEL"), firmware: [number("FW_VERSION"), number("FW_REVISION")] };
}

function firmwareWithin({ from, below }: NonNullable<FragmentCondition["firmware"]>, firmware: MeterIdentity["firmware"]): boolean {
  const rank = firmware[0] * 1000 + firmware[1];
  return (from === undefined || rank >= rankOf(from)) && (below === undefined || rank < rankOf(below));
}

/** `version.revision`, each below 1,000, as one number. */
function rankOf(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}
