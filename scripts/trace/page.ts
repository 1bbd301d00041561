import type { Area } from "./requirements.ts";
import type { ProvenBy } from "./titles.ts";

const escape = (text: string): string => text.replace(/[\\|<>*_`[\]]/g, "\\$&");

/** docs/requirements.md: per area a table of id, meaning, and the tests that prove it, or *open*. */
export function requirementsPage(areas: readonly Area[], proofs: readonly ProvenBy[]): string {
  const byId = Map.groupBy(proofs, (proof) => proof.id);
  const all = areas.flatMap((area) => area.requirements);
  const proven = all.filter(({ id }) => byId.has(id)).length;
  return [
    "# Requirements",
    "<!-- Written by `npm run trace` from scripts/trace/requirements.ts and the titles of the tests. Do not edit. -->",
    "",
    `${proven} of ${all.length} have a test. A test names the requirement in front of its title: \`[ACC-1] …\`.`,
    "A test shows that a part of a requirement holds; whether it is all of it, the issue that asked for it says.",
    ...areas.flatMap((area) => [
      "",
      `## ${area.title}`,
      "| id | what it means | tests |",
      "|---|---|---|",
      ...area.requirements.map(({ id, meaning }) => `| ${id} | ${escape(meaning)} | ${tests(byId.get(id) ?? [])} |`),
    ]),
    "",
  ].join("\n");
}

function tests(proofs: readonly ProvenBy[]): string {
  if (proofs.length === 0) return "*open*";
  return proofs
    .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
    .map(({ path, title }) => `[${path.split("/").slice(-2).join("/")}](../${path}): ${escape(title)}`)
    .join("<br>");
}
