import { readFile, stat } from "node:fs/promises";
import process from "node:process";
import { Failure } from "@metersmith/base/errors";
import { fileFailure } from "../failure.ts";

/** The first line of a file that is its owner's alone, or what a person types, unseen. */
export async function readPassphrase(file: string | undefined, prompt: string): Promise<string> {
  if (file === undefined) return typed(prompt);
  try {
    if (((await stat(file)).mode & 0o077) !== 0) throw new Failure("input", "file", `${file}: others may read it; chmod 600 ${file}`, { file });
    return (await readFile(file, "utf8")).split(/\r?\n/)[0] ?? "";
  } catch (error) {
    throw fileFailure(error, file);
  }
}

function typed(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new Failure("misuse", "passphrase", "there is no terminal to type a passphrase at: give --passphrase-file");
  stderr.write(prompt);
  stdin.setRawMode(true).resume().setEncoding("utf8");
  return new Promise((resolve, reject) => {
    let text = "";
    const end = (): void => {
      stdin.setRawMode(false).pause().off("data", take);
      stderr.write("\n");
    };
    const take = (part: string): void => {
      for (const character of part) {
        if (character === "\r" || character === "\n") {
          end();
          return resolve(text);
        }
        if (character === "\u0003" || character === "\u0004") {
          end();
          return reject(new Failure("misuse", "passphrase", "no passphrase was given"));
        }
        text = character === "\u007f" || character === "\b" ? text.slice(0, -1) : text + character;
      }
    };
    stdin.on("data", take);
  });
}
