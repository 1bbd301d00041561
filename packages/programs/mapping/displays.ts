import type { ParameterGroups } from "../parameters/schema.ts";
import { numberAt, unreadable, type Primitive } from "./primitive.ts";
import type { RuleOf } from "./rules.ts";

type Item = ParameterGroups["displays"]["lists"][number]["items"][number];

/**
 * Table 33, primary lists, one behind another in PRI_DISP_SOURCES; codes of items are the type's own. A list that the program does not have has no items. Times have four bits; that they
 * count seconds is unverified (facts ST33).
 */
export const displays: Primitive<RuleOf<"displays">> = {
  tables: () => [33],
  carries: () => ["displays"],
  write(rule, { parameters: { displays: given }, dimension, reason, refuse }, draft) {
    if (!given) return;
    const codes: { code: number; path: string }[] = [];
    for (const list of given.lists) if (!rule.lists.includes(list.name)) refuse("displays.lists", `this type has no list "${list.name}"; it has ${rule.lists.join(", ")}`);
    rule.lists.forEach((name, place) => {
      const index = given.lists.findIndex((one) => one.name === name);
      const list = given.lists[index];
      const [at, path] = [`PRI_DISP_LIST[${place}]`, list ? `displays.lists[${index}]` : ""];
      const set = (field: string, value: number, member: string): void => draft.set(33, `${at}.${field}`, value, list ? reason(`${path}.${member}`) : `(no list "${name}")`);
      set("ON_OFF.ON_TIME", list?.onSeconds ?? 0, "onSeconds");
      set("ON_OFF.OFF_TIME", list?.offSeconds ?? 0, "offSeconds");
      set("HOLD_DEFAULT.HOLD_TIME", list?.holdSeconds ?? 0, "holdSeconds");
      set("HOLD_DEFAULT.DEFAULT_LIST", 0, "name");
      set("NBR_LIST_ITEMS", list?.items.length ?? 0, "items");
      list?.items.forEach((item, number) => {
        const code = rule.catalog.find((one) => same(one.item, item))?.code;
        if (code === undefined) refuse(`${path}.items[${number}]`, `this type cannot show ${text(item)}; it can show ${rule.catalog.map((one) => text(one.item)).join(", ")}`);
        codes.push({ code: code ?? rule.empty, path: reason(`${path}.items[${number}]`) });
      });
    });
    const places = dimension(31, "NBR_PRI_DISP_LIST_ITEMS");
    if (codes.length > places) refuse("displays.lists", `${codes.length} items in all lists; this type holds ${places} (NBR_PRI_DISP_LIST_ITEMS, table 31)`);
    for (let place = 0; place < places; place++) draft.set(33, `PRI_DISP_SOURCES[${place}]`, codes[place]?.code ?? rule.empty, codes[place]?.path ?? "(unused)");
  },
  read(rule, { tables, dimension }) {
    const table = tables.get(33);
    if (!table) return {};
    let next = 0;
    const items = (count: number): Item[] =>
      Array.from({ length: count }, () => {
        const at = `PRI_DISP_SOURCES[${next++}]`;
        const code = next > dimension(31, "NBR_PRI_DISP_LIST_ITEMS") ? Number.NaN : numberAt(table, at);
        const known = rule.catalog.find((one) => one.code === code);
        if (!known) throw unreadable(33, at, code, "the code of an item that this type can show");
        return known.item;
      });
    const lists = rule.lists.flatMap((name, place) => {
      const at = (field: string): number => numberAt(table, `PRI_DISP_LIST[${place}].${field}`);
      const count = at("NBR_LIST_ITEMS");
      if (count === 0) return [];
      return [{ name, onSeconds: at("ON_OFF.ON_TIME"), offSeconds: at("ON_OFF.OFF_TIME"), holdSeconds: at("HOLD_DEFAULT.HOLD_TIME"), items: items(count) }];
    });
    return lists.length === 0 ? {} : { displays: { lists } };
  },
};

function same(a: Item, b: Item): boolean {
  return text(a) === text(b);
}

/** `kWh-delivered, tier 1`. */
function text(item: Item): string {
  if (item.show !== "register") return item.show;
  return item.tier === undefined ? item.quantity : `${item.quantity}, tier ${item.tier}`;
}
