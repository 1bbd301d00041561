import type { SiteModule } from "@metersmith/site/site-module";
import { type AccessEntry, type Belongings, nobodys } from "./access-entry.ts";
import type { Account, Answer, Method } from "./site-under-test.ts";

/** A module that mounts nothing and notes every route of those after it: mount it first. */
export function routeWitness(): { readonly module: SiteModule; readonly routes: ReadonlySet<string> } {
  const routes = new Set<string>();
  const module: SiteModule = {
    name: "route-witness",
    migrations: [],
    async mount({ server }) {
      server.addHook("onRoute", ({ method, url }) => {
        for (const one of [method].flat()) if (one !== "HEAD" && url.startsWith("/api/")) routes.add(`${one} ${url}`);
      });
    },
  };
  return { module, routes };
}

/** Routes without an entry and entries without a route. */
export function unmatched(routes: ReadonlySet<string>, table: readonly AccessEntry[]): readonly string[] {
  const entered = new Set<string>(table.map(({ route }) => route));
  return [...[...routes].filter((route) => !entered.has(route)), ...[...entered].filter((route) => !routes.has(route))].toSorted();
}

/** Somebody who walks, and from where. */
export interface Walker {
  readonly role: string;
  readonly account: Account;
  readonly own: Belongings;
  /** Of each other organization; nothing of it may be seen. */
  readonly others: readonly Belongings[];
  /** Where it is no person that walks. */
  readonly machine?: true;
  /** Gives the account the role, where several walkers share one; who walks next gives it theirs. */
  readonly become?: () => Promise<void>;
}

export interface Walk {
  readonly cells: number;
  /** Cells that came out otherwise, in words. */
  readonly wrong: readonly string[];
}

/** Every entry × every walker × {what is theirs, what is each other organization's, what nobody has}, each with a real request. */
export async function walk(table: readonly AccessEntry[], walkers: readonly Walker[], first = 0): Promise<Walk> {
  const wrong: string[] = [];
  let cells = 0;
  for (const walker of walkers) {
    await walker.become?.();
    const found = await Promise.all(table.map((entry, at) => cellsOf(entry, walker, first + cells + at * CELLS_OF_ONE)));
    cells += found.reduce((sum, one) => sum + one.cells, 0);
    wrong.push(...found.flatMap((one) => one.wrong));
    first += table.length * CELLS_OF_ONE;
  }
  return { cells, wrong };
}

/** More than the places that one entry has for one walker: their requests are numbered. */
const CELLS_OF_ONE = 10;

async function cellsOf(entry: AccessEntry, walker: Walker, first: number): Promise<Walk> {
  const wrong: string[] = [];
  const may = mayUse(entry, walker);
  const refused = walker.role === "anonymous" ? 401 : 403;
  const places: [string, Belongings, readonly number[]][] = [["own", walker.own, may ? entry.answers : [refused]]];
  if (entry.elsewhere !== undefined) {
    for (const other of [...walker.others, nobodys()]) places.push(["elsewhere", other, [may ? entry.elsewhere : refused]]);
  }
  const elsewhere = new Set<string>();
  for (const [at, [place, belongings, expected]] of places.entries()) {
    const answer = await ask(entry, walker, belongings, first + at);
    const cell = `${entry.route} as ${walker.role}${walker.machine ? " (machine)" : ""}, ${place}`;
    if (!expected.includes(answer.status)) wrong.push(`${cell}: ${answer.status} instead of ${expected.join(" or ")}`);
    // An answer that tells another's id from one that nobody has would tell that it exists.
    if (place === "elsewhere") elsewhere.add(JSON.stringify(answer.body));
    const seen = walker.others.flatMap((other) => Object.values(other) as string[]).find((id) => JSON.stringify(answer.body).includes(id));
    if (seen !== undefined) wrong.push(`${cell}: shows ${seen} of another organization`);
  }
  if (elsewhere.size > 1) wrong.push(`${entry.route} as ${walker.role}: another's id is told from one that nobody has`);
  return { cells: places.length, wrong };
}

function mayUse({ who }: AccessEntry, { role, machine }: Walker): boolean {
  if (who === "anybody") return true;
  if (who === "signed in") return role !== "anonymous";
  if (who === "people") return role !== "anonymous" && !machine;
  return who.includes(role);
}

function ask(entry: AccessEntry, { account }: Walker, belongings: Belongings, number: number): Promise<Answer> {
  const [method = ""] = entry.route.split(" ", 1);
  const { path, body, headers } = entry.ask(belongings, number);
  return account.ask(method as Method, path, body, headers);
}
