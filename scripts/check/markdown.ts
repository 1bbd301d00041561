export interface Link {
  readonly target: string;
  readonly line: number;
  readonly image: boolean;
}

export interface Command {
  readonly words: readonly string[];
  readonly line: number;
}

export interface Markdown {
  readonly links: readonly Link[];
  /** Commands in fenced `sh` blocks, one per line; a prompt `$ ` and a comment behind are taken off. */
  readonly commands: readonly Command[];
  /** Anchors of the headings, as the usual renderers make them. */
  readonly anchors: ReadonlySet<string>;
}

const linkForm = /(!?)\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;

/** A heading's anchor: lower case, without punctuation, spaces as dashes; a second equal one ends in `-1`. */
function anchorOf(heading: string, taken: ReadonlySet<string>): string {
  const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
  const base = plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");
  for (let count = 0; ; count++) {
    const anchor = count === 0 ? base : `${base}-${count}`;
    if (!taken.has(anchor)) return anchor;
  }
}

/** Links, commands and anchors of one Markdown file; what stands in code is no link. */
export function readMarkdown(text: string): Markdown {
  const [links, commands, anchors]: [Link[], Command[], Set<string>] = [[], [], new Set()];
  let fence: { mark: string; shell: boolean } | undefined;
  for (const [at, row] of text.split("\n").entries()) {
    const [, mark, language] = /^\s*(```+|~~~+)\s*(\w*)/.exec(row) ?? [];
    if (mark !== undefined) {
      fence = fence === undefined ? { mark, shell: /^(sh|bash|shell)$/.test(language ?? "") } : row.trim() === fence.mark ? undefined : fence;
      continue;
    }
    if (fence !== undefined) {
      const command = row.trim().replace(/^\$ /, "").replace(/\s+#.*$/, "");
      if (fence.shell && command !== "" && !command.startsWith("#")) commands.push({ words: command.split(/\s+/), line: at + 1 });
      continue;
    }
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(row)?.[1];
    if (heading !== undefined) anchors.add(anchorOf(heading, anchors));
    for (const [, bang, target] of row.replace(/`[^`]*`/g, "").matchAll(linkForm)) {
      links.push({ target: target ?? "", line: at + 1, image: bang === "!" });
    }
  }
  return { links, commands, anchors };
}
