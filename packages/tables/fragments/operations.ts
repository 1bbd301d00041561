import { DefinitionReader } from "../tdl/document-reader.ts";
import type { Access, Enumeration, TypeDefinition } from "../tdl/model.ts";
import { TablesError } from "../tables-error.ts";
import { editedMembers, plainMembers, readNamed, type Draft, type NamedDefinition, type PlainMember } from "./draft.ts";
import type { AddOperation, Fragment, Operation, ReplaceOperation, RestrictOperation } from "./fragment.ts";
import type { Mark, Origins } from "./origins.ts";
import { parseTarget, placeOf, type Target } from "./target.ts";

/** What says which definition something is; whoever wants another removes the one and adds the other. */
const identifying: ReadonlySet<string> = new Set(["kind", "name", "number", "value", "members", "values"]);

type Loose = { readonly [key: string]: unknown };

/** Carries out the operations of one fragment on a draft and keeps which places it touched. */
export class FragmentOperations {
  readonly marks = new Map<string, Mark>();
  readonly #draft: Draft;
  readonly #origins: Origins;
  readonly #name: string;
  readonly #mayTouch: readonly string[];

  constructor(draft: Draft, origins: Origins, { name, over = [] }: Fragment) {
    this.#draft = draft;
    this.#origins = origins;
    this.#name = name;
    this.#mayTouch = over;
  }

  /** Throws `bad-fragment`, `fragment-conflict`, `dangling-target`. */
  carryOut(operation: Operation): void {
    const text = operation.op === "add" ? operation.to : operation.target;
    const target = parseTarget(text);
    if (operation.op === "restrict") this.#restrict(operation, target);
    else if (target.attribute !== undefined) this.#attribute(operation.op, target, target.attribute, operation.op === "remove" ? undefined : operation.value);
    else if (operation.op === "add") this.#add(operation, target);
    else if (target.name === undefined) throw this.#bad(`${text} is a list, and not a definition in it`);
    else if (target.inner !== undefined) this.#inner(target, operation.op === "remove" ? undefined : operation);
    else this.#whole(target, operation.op === "remove" ? undefined : operation);
  }

  #add(operation: AddOperation, target: Target): void {
    const { list, name, inner } = target;
    if (name === undefined) {
      const { name: added } = readNamed(list, operation.value);
      this.#claimNew(`${list}/${added}`, this.#draft.get(list, added) !== undefined);
      this.#freeNumber(list, this.#draft.put(list, operation.value));
    } else if (inner === undefined && list === "types") {
      this.#addMember(operation, target, this.#type(target));
    } else if (inner === undefined && list === "enumerations") {
      const enumeration = this.#enumeration(target);
      const value = new DefinitionReader().enumerationValue(operation.value, operation.to);
      this.#claimNew(`${placeOf(target)}/${value.value}`, enumeration.values.some((entry) => entry.value === value.value));
      this.#draft.put(list, { ...enumeration, values: [...enumeration.values, value].sort((a, b) => a.value - b.value) });
    } else {
      throw this.#bad(`nothing can be added to ${operation.to}`);
    }
  }

  #addMember({ to, after, before, value }: AddOperation, target: Target, type: TypeDefinition): void {
    const added = new DefinitionReader().member(value, to, type.kind === "record" ? "record" : type.base);
    const present = new Set(plainMembers(type.members).map((member) => member.name));
    for (const { name } of plainMembers([added])) this.#claimNew(`${to}/${name}`, present.has(name));
    const beside = after ?? before;
    this.#claim(beside === undefined ? `${to}/$end` : `${to}/${beside}/${after === undefined ? "$before" : "$after"}`, "made");
    const members =
      beside === undefined
        ? [...type.members, added]
        : this.#edited(parseTarget(`${to}/${beside}`), type, (member) => (after === undefined ? [added, member] : [member, added]));
    this.#draft.put(target.list, { ...type, members });
  }

  /** Replaces or removes a definition. */
  #whole(target: Target, replacement: ReplaceOperation | undefined): void {
    const found = this.#definition(target);
    this.#claim(placeOf(target), replacement ? "made" : "removed");
    if (!replacement) {
      this.#draft.delete(target.list, found.name);
      return;
    }
    this.#sameName(found.name, readNamed(target.list, replacement.value).name);
    this.#freeNumber(target.list, this.#draft.put(target.list, replacement.value));
  }

  /** Replaces or removes a member of a type or a value of an enumeration. */
  #inner(target: Target, replacement: ReplaceOperation | undefined): void {
    const change = replacement ? "made" : "removed";
    if (target.list === "enumerations") {
      const enumeration = this.#enumeration(target);
      this.#valueOf(enumeration, target);
      this.#claim(placeOf(target), change);
      const value = replacement && new DefinitionReader().enumerationValue(replacement.value, replacement.target);
      if (value) this.#sameName(String(target.inner), String(value.value));
      const values = enumeration.values.flatMap((entry) => (String(entry.value) === target.inner ? (value ?? []) : entry));
      this.#draft.put(target.list, { ...enumeration, values });
      return;
    }
    const type = this.#type(target);
    const value = replacement && new DefinitionReader().member(replacement.value, replacement.target, type.kind === "record" ? "record" : type.base);
    if (value) this.#sameName(String(target.inner), "name" in value ? value.name : value.kind);
    const members = this.#edited(target, type, () => (value ? [value] : []));
    this.#claim(placeOf(target), change);
    this.#draft.put("types", { ...type, members });
  }

  #attribute(op: "add" | "replace" | "remove", target: Target, attribute: string, value: unknown): void {
    if (identifying.has(attribute) && !(attribute === "name" && target.list === "enumerations" && target.inner !== undefined)) {
      throw this.#bad(`${attribute} says which definition it is and cannot be changed; remove the definition and add another`);
    }
    const edit = (element: Loose): Loose => {
      const there = element[attribute] !== undefined;
      if (there && op === "add") throw this.#conflict(placeOf(target), this.#origins.of(placeOf(target)), "is there already");
      if (!there && op !== "add") throw this.#dangling(target, `has no ${attribute}`);
      const { [attribute]: _, ...rest } = element;
      return op === "remove" ? rest : { ...rest, [attribute]: value };
    };
    this.#edit(target, edit);
    this.#claim(placeOf(target), op === "remove" ? "removed" : "made");
  }

  #restrict(operation: RestrictOperation, target: Target): void {
    const { access, least, most, values } = operation;
    if (target.name === undefined || target.attribute !== undefined) throw this.#bad(`${operation.target} cannot be restricted: only tables, members and enumerations can`);
    const isEnumeration = target.list === "enumerations" && target.inner === undefined;
    const isMember = target.list === "types" && target.inner !== undefined;
    const fits = isEnumeration ? access === undefined && least === undefined && most === undefined : values === undefined && (isMember || (least === undefined && most === undefined));
    if (!fits || (!isEnumeration && !isMember && target.list !== "tables") || (access ?? least ?? most ?? values) === undefined) {
      throw this.#bad(`${operation.target}: an enumeration is restricted to values, a table to an access, a member to an access, least or most`);
    }
    if (values) {
      const enumeration = this.#enumeration(target);
      for (const value of values) this.#valueOf(enumeration, { ...target, inner: String(value) });
      this.#claim(placeOf(target), "changed");
      this.#draft.put(target.list, { ...enumeration, values: enumeration.values.filter((entry) => values.includes(entry.value)) });
      return;
    }
    this.#edit(target, (element) => {
      const allowed = element["access"] as Access | undefined;
      const from = Math.max(least ?? Number.NEGATIVE_INFINITY, (element["least"] as number | undefined) ?? Number.NEGATIVE_INFINITY);
      const to = Math.min(most ?? Number.POSITIVE_INFINITY, (element["most"] as number | undefined) ?? Number.POSITIVE_INFINITY);
      const widens = (access !== undefined && allowed !== undefined && allowed !== "read-write" && allowed !== access) || (least !== undefined && from > least) || (most !== undefined && to < most);
      if (widens) throw this.#bad(`${operation.target}: allows more than before, or something else; replace the attribute where that is meant`);
      if (from > to) throw this.#bad(`${operation.target}: nothing is left between ${from} and ${to}`);
      return { ...element, ...(access && { access }), ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) };
    });
    for (const [attribute, given] of Object.entries({ access, least, most })) if (given !== undefined) this.#claim(`${placeOf(target)}/${attribute}`, "made");
  }

  /** Puts another form of a definition, member or value in its place. */
  #edit(target: Target, edit: (element: Loose) => Loose): void {
    const found = this.#definition(target);
    if (target.inner === undefined) {
      this.#draft.put(target.list, edit({ ...found }));
    } else if (target.list === "enumerations") {
      const enumeration = this.#enumeration(target);
      this.#valueOf(enumeration, target);
      this.#draft.put(target.list, { ...enumeration, values: enumeration.values.map((entry) => (String(entry.value) === target.inner ? edit({ ...entry }) : entry)) });
    } else {
      const type = this.#type(target);
      this.#draft.put(target.list, { ...type, members: this.#edited(target, type, (member) => [edit({ ...member })]) });
    }
  }

  /** The members of a type, with the one that the target names replaced by what `edit` gives. */
  #edited(target: Target, type: TypeDefinition, edit: (member: PlainMember) => readonly unknown[]): unknown[] {
    const there = plainMembers(type.members).filter((member) => member.name === target.inner);
    const place = `types/${type.name}/${target.inner}`;
    if (there.length === 0 || (target.occurrence ?? 1) > there.length) {
      throw this.#dangling(target, `there ${there.length === 0 ? "is no such member" : `are ${there.length} of that name`}; ${type.name} has ${plainMembers(type.members).map((member) => member.name).join(", ").slice(0, 300) || "none"}`);
    }
    if (there.length > 1 && target.occurrence === undefined) throw this.#bad(`${place} is there ${there.length} times, in different branches; name one as ${place}#1`);
    let seen = 0;
    return editedMembers(type.members, (member) => (member.name === target.inner && ++seen === (target.occurrence ?? 1) ? edit(member) : [member]));
  }

  #definition(target: Target): NamedDefinition {
    const found = target.name === undefined ? undefined : this.#draft.get(target.list, target.name);
    if (!found) throw this.#dangling(target, "there is nothing of that name");
    return found;
  }

  #type(target: Target): TypeDefinition {
    const found = this.#definition(target);
    if (!("kind" in found)) throw this.#dangling(target, "is no type");
    return found;
  }

  #enumeration(target: Target): Enumeration {
    const found = this.#definition(target);
    if (!("values" in found)) throw this.#dangling(target, "is no enumeration");
    return found;
  }

  #valueOf(enumeration: Enumeration, target: Target): void {
    if (!enumeration.values.some((entry) => String(entry.value) === target.inner)) {
      throw this.#dangling(target, `there is no such value; ${enumeration.name} has ${enumeration.values.map(({ value }) => value).join(", ").slice(0, 300)}`);
    }
  }

  #sameName(expected: string, found: string): void {
    if (expected !== found) throw this.#bad(`${expected} cannot be replaced by ${found}: remove the one and add the other`);
  }

  #freeNumber(list: Target["list"], definition: NamedDefinition): void {
    const other = "number" in definition ? this.#draft.ofNumber(list, definition.number, definition.name) : undefined;
    if (other !== undefined) throw this.#conflict(`${list}/${definition.name}`, this.#origins.of(`${list}/${other}`), `has the number of ${list}/${other}`);
  }

  #claimNew(place: string, there: boolean): void {
    if (there) throw this.#conflict(place, this.marks.get(place)?.change === "made" ? this.#name : this.#origins.of(place), "is there already");
    this.#claim(place, "made");
  }

  /** Throws `fragment-conflict` where a fragment that this one is not over has touched the place. */
  #claim(place: string, change: Mark["change"]): void {
    const foreign = this.#origins.foreign(place, this.#mayTouch);
    if (foreign) throw this.#conflict(place, foreign.fragment, `was changed there (${foreign.place}); if that is meant, say that ${this.#name} is over ${foreign.fragment}`);
    if (change === "changed") {
      if (this.marks.get(place)?.change !== "made") this.marks.set(place, { fragment: this.#name, change, maker: this.#origins.of(place) });
      return;
    }
    for (const below of this.marks.keys()) if (below.startsWith(`${place}/`)) this.marks.delete(below);
    this.marks.set(place, { fragment: this.#name, change });
  }

  #conflict(place: string, other: string, reason: string): TablesError {
    const side = other === "base" ? "the base" : `fragment ${other}`;
    return new TablesError("input", "fragment-conflict", `Fragment ${this.#name} and ${side} both have ${place}: it ${reason}.`, { field: place, fragment: this.#name, other });
  }

  #dangling(target: Target, reason: string): TablesError {
    const place = placeOf(target);
    const remover = this.#origins.removerOf(place);
    const owner = target.name === undefined ? "base" : this.#origins.of(`${target.list}/${target.name}`);
    const other = remover ?? owner;
    const side = remover === undefined ? `below it, ${other === "base" ? "the base" : `fragment ${other}`} decides what is there` : `fragment ${remover} removed it`;
    return new TablesError("input", "dangling-target", `Fragment ${this.#name} changes ${place}, and ${reason} (${side}).`, { field: place, fragment: this.#name, other });
  }

  #bad(reason: string): TablesError {
    return new TablesError("input", "bad-fragment", `Fragment ${this.#name}: ${reason}.`, { fragment: this.#name });
  }
}
