import { randomBytes } from "node:crypto";
import { Failure } from "@metersmith/base/errors";
import { buildImage, decodeImage, type ImageDraft, inventoryFor, keySigner, publicKeyOf, readContent, secretKeyLength, Trust, unverifiedManifest, verifyImage } from "@metersmith/images";
import { writeFileAtomic } from "@metersmith/node/atomic-file";
import type { Command } from "commander";
import { fileFailure } from "../failure.ts";
import { deviceTypeOf, readOctets, readProgram } from "../files.ts";
import { contentFacts, imageText, inventoryFacts, manifestFacts } from "../image/image-text.ts";
import { keyIdText, readKeyPair, readTrustedKey, writeKeyPair } from "../image/key-file.ts";
import { epochSeconds, manifestFields, type ManifestOptions } from "../image/manifest-options.ts";
import { tell } from "../output.ts";
import { unaltered } from "../unaltered-program.ts";
import { wholeNumber } from "../whole-number.ts";

interface Common {
  readonly json?: boolean;
}

/** An image is at most 16 MiB of payload and what describes it. */
const mostOctets = 17 * 1024 * 1024;
const example = (text: string): string => `\nExample:\n  npx metersmith ${text}`;

export function addImageCommands(command: Command): void {
  command.description("Images: what travels to meters, signed. Make keys, sign, verify, look inside.").helpCommand(false);

  command
    .command("keygen")
    .description("make a key pair to sign images with; existing files are never overwritten")
    .argument("<name>", "writes NAME.secret.json, for its owner alone, and NAME.public.json")
    .requiredOption("--for <kind...>", "what it signs: program, firmware")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("image keygen programs --for program"))
    .action(keygen);

  command
    .command("sign")
    .description("make a signed image of a program or of firmware")
    .requiredOption("--key <file>", "secret key, as keygen wrote it")
    .requiredOption("--out <file>", "write the image here")
    .option("--program <file>", "program document, as program build wrote it; the tables it checks become those it was reviewed against")
    .option("--firmware <file>", "WebAssembly module; with --device-type, --id and --release")
    .option("--device-type <id>", "of firmware: the type of meter it is for")
    .option("--id <name>", "of firmware: its name")
    .option("--release <v.r>", "of firmware: version and revision that table 1 is to show")
    .requiredOption("--counter <n>", "anti-rollback counter: meters take none below theirs")
    .requiredOption("--expiry <time>", "not to be taken from then on, in UTC: 2026-12-31T00:00Z")
    .option("--activation <time>", "not to be activated before; without it, on command")
    .option("--hardware <range>", "hardware that it is for, by table 1", "0.0-255.255")
    .option("--runs <range>", "firmware that must be running, by table 1", "0.0-255.255")
    .option("--audience <name>", "whose meters it is for")
    .option("--test", "for meters in test only")
    .option("--page-size <octets>", "a power of two, 64 to 65536", "1024")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("image sign --program et2.json --key programs.secret.json --counter 1 --expiry 2027-01-01T00:00Z --out et2.image"))
    .action(signImage);

  command
    .command("inspect")
    .description("what an image says of itself; its parts must fit together, but nobody's signature is checked")
    .argument("<image>", "file")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("image inspect et2.image"))
    .action(inspect);

  command
    .command("verify")
    .description("whether a trusted key signed exactly this image; exit code 4 where not")
    .argument("<image>", "file")
    .requiredOption("--trust <file...>", "public keys, as keygen wrote them")
    .option("--at <time>", "the time that it is judged by, in UTC; without it, now")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("image verify et2.image --trust programs.public.json"))
    .action(verify);
}

async function keygen(name: string, options: Common & { readonly for: readonly string[] }): Promise<void> {
  const kinds = options.for.map((kind) => {
    if (kind === "program" || kind === "firmware") return kind;
    throw new Failure("misuse", "command-line", `--for: expected program or firmware, not ${kind}`);
  });
  const secretKey = randomBytes(secretKeyLength);
  const publicKey = publicKeyOf(secretKey);
  const [secretFile, publicFile] = [`${name}.secret.json`, `${name}.public.json`];
  await writeKeyPair(secretFile, publicFile, { kinds: [...new Set(kinds)], publicKey, secretKey });
  tell(options.json, { ok: true, keyId: keyIdText(publicKey), publicKey, kinds, secretFile, publicFile }, () => [
    `key ${keyIdText(publicKey)} for ${kinds.join(" and ")}`,
    `${secretFile}  signs; keep it where it is`,
    `${publicFile}  verifies; give it to whom it concerns`,
  ]);
}

interface SignOptions extends Common, ManifestOptions {
  readonly key: string;
  readonly out: string;
  readonly program?: string;
  readonly firmware?: string;
  readonly deviceType?: string;
  readonly id?: string;
  readonly release?: string;
}

async function signImage(options: SignOptions): Promise<void> {
  if ((options.program === undefined) === (options.firmware === undefined)) throw new Failure("misuse", "command-line", "give either --program or --firmware");
  const draft: ImageDraft = { ...(await (options.program === undefined ? firmwareDraft(options) : programDraft(options.program))), ...manifestFields(options) };
  const key = await readKeyPair(options.key);
  if (!key.kinds.includes(draft.content.kind)) throw new Failure("input", "key-not-allowed", `${options.key} signs no ${draft.content.kind}; it is for ${key.kinds.join(" and ")}`, { file: options.key });
  const image = await buildImage(draft, keySigner(key.secretKey));
  try {
    await writeFileAtomic(options.out, image, 0o644);
  } catch (error) {
    throw fileFailure(error, options.out);
  }
  const parts = decodeImage(image);
  const { manifest, keyId } = unverifiedManifest(parts.signedManifest);
  const inventory = inventoryFor(manifest, parts.inventory);
  tell(options.json, { ok: true, out: options.out, octets: image.length, frameOctets: parts.signedManifest.length, ...manifestFacts(manifest, keyId), ...inventoryFacts(inventory) }, () => [
    ...imageText(manifest, keyId, inventory, draft.content),
    `written to ${options.out}: ${image.length} octets, ${parts.signedManifest.length} of them the signed manifest`,
  ]);
}

async function programDraft(file: string): Promise<Pick<ImageDraft, "deviceType" | "id" | "version" | "content" | "reviewed">> {
  const document = await readProgram(file);
  const build = unaltered(document, await deviceTypeOf(document.deviceType.id), file);
  const counts = ({ mask }: { readonly mask: Uint8Array }): boolean => mask.some((octet) => octet !== 0);
  return {
    deviceType: build.deviceType.id, id: build.program.code, version: build.program.version,
    content: { kind: "program", steps: build.writes.filter(counts).map(({ table, bytes, mask }) => ({ do: "write", table, bytes, mask })) },
    reviewed: build.checks.filter(counts),
  };
}

async function firmwareDraft({ firmware, deviceType, id, release }: SignOptions): Promise<Pick<ImageDraft, "deviceType" | "id" | "version" | "content">> {
  const [, version, revision] = /^(\d{1,3})\.(\d{1,3})$/.exec(release ?? "") ?? [];
  if (firmware === undefined || deviceType === undefined || id === undefined || version === undefined || revision === undefined) {
    throw new Failure("misuse", "command-line", "--firmware needs --device-type, --id and --release, such as 2.0");
  }
  const module = new Uint8Array(await readOctets(firmware, mostOctets));
  return { deviceType, id, version: 256 * wholeNumber("release", version, 0, 255) + wholeNumber("release", revision, 0, 255), content: { kind: "firmware", module } };
}

async function inspect(file: string, options: Common): Promise<void> {
  const parts = decodeImage(new Uint8Array(await readOctets(file, mostOctets)));
  const { manifest, keyId } = unverifiedManifest(parts.signedManifest);
  const inventory = inventoryFor(manifest, parts.inventory);
  const content = readContent(manifest, parts.payload);
  tell(options.json, { ok: true, verified: false, ...manifestFacts(manifest, keyId), ...inventoryFacts(inventory), ...contentFacts(content) }, () => [
    ...imageText(manifest, keyId, inventory, content),
    "The signature was not checked: see image verify.",
  ]);
}

async function verify(file: string, options: Common & { readonly trust: readonly string[]; readonly at?: string }): Promise<void> {
  const now = options.at === undefined ? Math.floor(Date.now() / 1000) : epochSeconds("at", options.at);
  const trust = new Trust(await Promise.all(options.trust.map(readTrustedKey)));
  const { manifest, keyId, inventory, content } = verifyImage(new Uint8Array(await readOctets(file, mostOctets)), trust, now);
  if (now >= manifest.expiry) throw new Failure("peer-data", "expired", `${file}: the signature is right, but the image expired ${new Date(manifest.expiry * 1000).toISOString()}`, { file });
  tell(options.json, { ok: true, verified: true, ...manifestFacts(manifest, keyId), ...inventoryFacts(inventory), ...contentFacts(content) }, () => [
    ...imageText(manifest, keyId, inventory, content),
    "verified: whole, and signed by a key that is trusted",
  ]);
}
