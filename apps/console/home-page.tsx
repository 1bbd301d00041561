import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import type { JSX } from "react";
import { mountedModules } from "./mounted-pages.ts";
import { NotFoundPage } from "./not-found-page.tsx";
import { siteQuery } from "./site-queries.ts";

/** The first page in the menu of this site. */
export function HomePage(): JSX.Element | null {
  const site = useQuery(siteQuery);
  if (site.data === undefined) return null;
  const first = mountedModules(site.data.modules)[0]?.menu[0];
  return first === undefined ? <NotFoundPage /> : <Navigate to={first.path} replace />;
}
