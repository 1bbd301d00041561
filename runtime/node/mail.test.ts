import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openMail } from "./mail.ts";

const letter = { to: "ann@utility.example", subject: "Your password", text: "Open https://site.example/recovery#token" };

test("a folder gets one file for each letter, which only its owner reads", async () => {
  const folder = await mkdtemp(join(tmpdir(), "metersmith-mail-"));
  try {
    const mail = openMail({ kind: "folder", folder: join(folder, "letters") });
    await Promise.all([mail.send(letter), mail.send(letter)]);
    const files = await readdir(join(folder, "letters"));
    expect(files).toHaveLength(2);
    const file = join(folder, "letters", files[0] ?? "");
    expect(await readFile(file, "utf8")).toBe("To: ann@utility.example\nSubject: Your password\n\nOpen https://site.example/recovery#token\n");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** A mail server that takes one letter, as far as RFC 5321 needs, or refuses whom it is for. */
async function mailServer(refuses: boolean): Promise<{ port: number; heard: string[]; close(): void }> {
  const heard: string[] = [];
  const server = createServer((socket: Socket) => {
    let inData = false;
    socket.write("220 mail.test ESMTP\r\n");
    socket.on("data", (data) => {
      for (const line of data.toString().split("\r\n").slice(0, -1)) {
        heard.push(line);
        if (inData) {
          if (line !== ".") continue;
          inData = false;
          socket.write("250 taken\r\n");
        } else if (line.startsWith("RCPT") && refuses) socket.write("550 nobody of that name\r\n");
        else if (line === "DATA") {
          inData = true;
          socket.write("354 go on\r\n");
        } else socket.write(line === "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
      }
    });
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, heard, close: () => void server.close() };
}

test("a mail server gets the letter by SMTP, from the configured sender", async () => {
  const { port, heard, close } = await mailServer(false);
  await openMail({ kind: "smtp", url: `smtp://127.0.0.1:${port}`, from: "metersmith@utility.example" }).send(letter);
  close();
  expect(heard).toContain("MAIL FROM:<metersmith@utility.example>");
  expect(heard).toContain("RCPT TO:<ann@utility.example>");
  expect(heard).toContain("Subject: Your password");
  expect(heard.join("\n")).toContain("recovery#token");
});

test("a letter that the server does not take is not sent, and says so", async () => {
  const { port, close } = await mailServer(true);
  const sending = openMail({ kind: "smtp", url: `smtp://127.0.0.1:${port}`, from: "metersmith@utility.example" }).send(letter);
  await expect(sending).rejects.toThrow("nobody of that name");
  close();
});

test("an address that would add a line to the letter's head does not", async () => {
  const { port, heard, close } = await mailServer(false);
  await openMail({ kind: "smtp", url: `smtp://127.0.0.1:${port}`, from: "metersmith@utility.example" }).send({ ...letter, subject: "Hello\r\nBcc: eve@elsewhere.example" });
  close();
  expect(heard.filter((line) => /^Bcc:|eve@/.test(line) && !line.startsWith("Subject:"))).toEqual([]);
});
