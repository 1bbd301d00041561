import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Mail } from "@metersmith/base/mail";
import { createTransport } from "nodemailer";
import { writeFileAtomic } from "./atomic-file.ts";

/** Where letters go: into files of a folder, one each, for who reads them there; or to a mail server, `smtps://user:password@host:465`. */
export type MailConfig = { readonly kind: "folder"; readonly folder: string } | { readonly kind: "smtp"; readonly url: string; readonly from: string };

const TIMEOUT_MS = 20_000;

export function openMail(config: MailConfig): Mail {
  return config.kind === "folder" ? mailFolder(config.folder) : smtpMail(config.url, config.from);
}

/** Letters hold what lets in: only the owner of the process reads them. */
function mailFolder(folder: string): Mail {
  return {
    async send({ to, subject, text }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID().slice(0, 8)}.txt`;
      await writeFileAtomic(join(folder, file), `To: ${to}\nSubject: ${subject}\n\n${text}\n`, 0o600);
    },
  };
}

function smtpMail(url: string, from: string): Mail {
  const transport = createTransport({ url, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS }, { from });
  return {
    async send({ to, subject, text }) {
      await transport.sendMail({ to, subject, text });
    },
  };
}
