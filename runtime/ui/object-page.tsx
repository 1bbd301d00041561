import type { JSX, ReactNode } from "react";
import { StateBadge, type StateFacts } from "./state-badge.tsx";
import classes from "./object-page.module.css";

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/**
 * The one anatomy of an object: title with its state and the next action, then sections (facts, a picture, a timeline, related
 * objects) in that order. `kind` is the word for what it is: "Meter".
 */
export function ObjectPage({ kind, title, state, actions, children }: { readonly kind: string; readonly title: string; readonly state?: StateFacts | undefined; readonly actions?: ReactNode; readonly children: ReactNode }): JSX.Element {
  return (
    <article>
      <title>{`${title} · Metersmith`}</title>
      <header className={classes.head}>
        <div>
          <p className={classes.kind}>{kind}</p>
          <h1 className={classes.title}>{title}</h1>
        </div>
        {state !== undefined && <div className={classes.state} role="status"><StateBadge state={state} /></div>}
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </article>
  );
}

/** A part of an object's page. `aside` stands at the end of its heading: a count, where the data come from. */
export function Section({ title, aside, children }: { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode }): JSX.Element {
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.sectionHead}>
        <h2 className={classes.sectionTitle}>{title}</h2>
        {aside !== undefined && <div className={classes.aside}>{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** Facts in two columns, each with its unit. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): JSX.Element {
  return (
    <dl className={classes.facts}>
      {facts.map((fact) => (
        <div key={fact.name} className={classes.fact}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Stands where an object's page will be, in its shape, while it is fetched. */
export function ObjectSkeleton({ kind }: { readonly kind: string }): JSX.Element {
  return (
    <article aria-busy="true" aria-label={`${kind} is being fetched`}>
      <header className={classes.head}>
        <div>
          <p className={classes.kind}>{kind}</p>
          <span className={classes.ghostTitle} />
        </div>
      </header>
      <div className={classes.section}><span className={classes.ghostFacts} /></div>
      <div className={classes.section}><span className={classes.ghostPicture} /></div>
    </article>
  );
}
