import type { ComponentType } from "react";
import type { IconName } from "./icon.tsx";

/** What a page gets from the shell: the parts of its address, and a way to change the part after the question mark. */
export interface PageProps {
  /** Named parts of the path: `{ id }` for `/meters/$id`. */
  readonly params: Readonly<Record<string, string>>;
  /** What follows the question mark. */
  readonly search: Readonly<Record<string, string>>;
  /** Replaces parts of it without a new entry in the browser's history; an empty value removes the part. */
  readonly setSearch: (change: Readonly<Record<string, string>>) => void;
  /** Whether the person signed in may do this, by the permission's name. The site decides again on each request. */
  readonly may: (permission: string) => boolean;
  /** Whether this site mounts a module of that name: what belongs to one that it does not is not offered. */
  readonly mounts: (module: string) => boolean;
}

export interface Page {
  /** `/meters/$id`: a dollar sign before a named part. */
  readonly path: string;
  /** The page's code is fetched when it is first opened. */
  readonly load: () => Promise<{ readonly default: ComponentType<PageProps> }>;
}

/** The pages of one module; shown where the site mounts a module of that name. */
export interface ModulePages {
  readonly module: string;
  /** An entry with a permission shows to those who have it. */
  readonly menu: readonly { readonly label: string; readonly path: string; readonly icon: IconName; readonly permission?: string }[];
  readonly pages: readonly Page[];
}
