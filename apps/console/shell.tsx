import { FailureNotice, Icon, useKeys } from "@metersmith/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { useState, type JSX } from "react";
import { ColourSchemeButton } from "./colour-scheme-button.tsx";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { mountedModules } from "./mounted-pages.ts";
import { SignInPage } from "./sign-in-page.tsx";
import { meQuery, signOut, siteQuery } from "./site-queries.ts";
import classes from "./shell.module.css";

/** What is around every page: whose site this is, the menu of the mounted modules, who is signed in. */
export function Shell(): JSX.Element | null {
  const queries = useQueryClient();
  const site = useQuery(siteQuery);
  const me = useQuery(meQuery);
  const [help, setHelp] = useState(false);
  useKeys({ "?": () => setHelp(true) });

  if (site.isError) return <main className={classes.alone}><FailureNotice error={site.error} onRetry={() => void site.refetch()} /></main>;
  if (site.data === undefined || me.isPending) return null;
  if (me.data === undefined) return <SignInPage siteName={site.data.name} siteKind={site.data.kind} />;

  return (
    <div className={classes.shell}>
      <a href="#page" className={classes.skip}>Skip to the page</a>
      <div className={classes.side}>
        <div className={classes.site}>
          <span className={classes.siteName}>{site.data.name}</span>
          <span className={classes.siteKind}>{site.data.kind}</span>
        </div>
        <nav aria-label="Pages" className={classes.menu}>
          {mountedModules(site.data.modules).flatMap((each) => each.menu).filter(({ permission }) => permission === undefined || me.data.permissions.includes(permission)).map((entry) => (
            <Link key={entry.path} to={entry.path} className={classes.entry} activeProps={{ "aria-current": "page" }}>
              <Icon name={entry.icon} />
              {entry.label}
            </Link>
          ))}
        </nav>
        <div className={classes.person}>
          <p className={classes.name} title={me.data.email}>{me.data.name}</p>
          <p className={classes.roles}>{me.data.roles.join(", ")}</p>
          <div className={classes.tools}>
            <button type="button" className={classes.tool} onClick={() => setHelp(true)} aria-label="Keyboard help" title="Keyboard help (?)"><Icon name="help" /></button>
            <ColourSchemeButton className={classes.tool} />
            <button type="button" className={classes.tool} onClick={() => void signOut(queries)} aria-label="Sign out" title="Sign out"><Icon name="leave" /></button>
          </div>
        </div>
      </div>
      <main id="page" className={classes.page} tabIndex={-1}>
        <Outlet />
      </main>
      <KeyboardHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}
