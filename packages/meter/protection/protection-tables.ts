import type { TableId } from "@metersmith/tables";

/** Manufacturer tables and procedure of the service switch (ours): 2048 + n. A device type that has a switch describes them in its fragment; a model without table `rating` has none. */
export const protectionTable = { rating: 2064, setting: 2065, status: 2066 } as const satisfies Record<string, TableId>;
export const orderSwitchNumber = 2064;
