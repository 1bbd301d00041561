import { FailureNotice, type ModulePages, type Page, type PageProps } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, useNavigate, useParams, useSearch, type AnyRouter } from "@tanstack/react-router";
import type { ComponentType, JSX } from "react";
import { HomePage } from "./home-page.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { Shell } from "./shell.tsx";
import { meQuery, siteQuery } from "./site-queries.ts";

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

/** What is text of the parts of an address, whatever someone pasted. */
function textParts(raw: object): Record<string, string> {
  const parts: [string, unknown][] = Object.entries(raw);
  return Object.fromEntries(parts.filter((part): part is [string, string] => typeof part[1] === "string"));
}

/** Gives a module's page its place in the address and the person's rights. */
function placed(PageContent: ComponentType<PageProps>): ComponentType {
  return function PlacedPage(): JSX.Element {
    const params: object = useParams({ strict: false });
    const found: object = useSearch({ strict: false });
    const search = textParts(found);
    const navigate = useNavigate();
    const me = useQuery(meQuery);
    const site = useQuery(siteQuery);
    const setSearch: PageProps["setSearch"] = (change) => {
      const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== ""));
      void navigate({ to: ".", search: next, replace: true });
    };
    return (
      <PageContent
        params={textParts(params)}
        search={search}
        setSearch={setSearch}
        may={(permission) => me.data?.permissions.includes(permission) === true}
        mounts={(module) => site.data?.modules.includes(module) === true}
      />
    );
  };
}

function pageRoute({ path, load }: Page) {
  return createRoute({
    getParentRoute: () => rootRoute,
    path,
    component: lazyRouteComponent(async () => ({ default: placed((await load()).default) })),
    errorComponent: ({ error, reset }) => <FailureNotice error={error} onRetry={reset} />,
  });
}

/** One route for each page of the mounted modules; `/` leads to the first. */
export function makeRouter(modules: readonly ModulePages[]): AnyRouter {
  const home = createRoute({ getParentRoute: () => rootRoute, path: "/", component: HomePage });
  return createRouter({
    routeTree: rootRoute.addChildren([home, ...modules.flatMap((each) => each.pages.map(pageRoute))]),
    defaultPreload: "intent",
    scrollRestoration: true,
    // Plain names and values in the address (`?filter=state:failed`), not JSON.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(textParts(search)).toString();
      return text === "" ? "" : `?${text}`;
    },
  });
}
