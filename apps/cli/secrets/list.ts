import { keyWrappingFrom } from "@metersmith/node/key-wrapping";
import type { RotateOptions } from "../commands/secrets.ts";
import { tell } from "../output.ts";
import { ownHome } from "./own-home.ts";

export async function list({ json }: RotateOptions): Promise<void> {
  const home = await ownHome();
  const { where } = await keyWrappingFrom(process.env, home.path);
  const { names } = home.secrets;
  tell(json, { ok: true, home: home.path, key: where, secrets: names }, () => [`${names.length} secrets in ${home.file("secrets.json")}, sealed; the key to them: ${where}`, ...names.map((name) => `  ${name}`)]);
}
