import { fileURLToPath } from "node:url";
import { type Home, homePath, openHome } from "@metersmith/node/home";

const top = fileURLToPath(new URL("../../..", import.meta.url));

/** The installation of METERSMITH_HOME, or of this folder. */
export const ownHome = (): Promise<Home> => openHome(homePath(process.env, top));
