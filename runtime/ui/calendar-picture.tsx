import { useId, useState, type JSX, type KeyboardEvent } from "react";
import { dayTypeNames, hourText, monthGroups, monthText, months, tierShades, tierText, type CalendarGrid, type TierName } from "./calendar-grid.ts";
import classes from "./calendar-picture.module.css";

// In units of the drawing; the drawing scales to its column.
const cell = { width: 20, height: 17, gap: 1 };
const left = 30;
const top = 15;
const drawing = { width: left + 24 * cell.width, height: top + 12 * cell.height };

/** The cell in the middle of a block: its number stands there. */
const middle = ({ from, to }: { readonly from: number; readonly to: number }): number => Math.floor((from + to - 1) / 2);

interface Place {
  readonly month: number;
  readonly hour: number;
}

const moves: Readonly<Record<string, Place>> = {
  ArrowUp: { month: -1, hour: 0 },
  ArrowDown: { month: 1, hour: 0 },
  ArrowLeft: { month: 0, hour: -1 },
  ArrowRight: { month: 0, hour: 1 },
};

/**
 * A time-of-use calendar: for each kind of day 12 months × 24 hours, the tier of each hour by shade and by its number, so that it
 * reads without colour. Pointer or arrow keys read out one cell; a table in words stands in for the picture.
 */
export function CalendarPicture({ pictures, tiers }: { readonly pictures: readonly CalendarGrid[]; readonly tiers: readonly TierName[] }): JSX.Element {
  const shades = tierShades(pictures, tiers);
  const mixed = pictures.some((grid) => grid.cells.some((row) => row.some((each) => each.mixed)));
  return (
    <div className={classes.picture}>
      <div className={classes.grids}>
        {pictures.map((grid) => (
          <DayGrid key={grid.dayType} grid={grid} tiers={tiers} shades={shades} />
        ))}
      </div>
      <ul className={classes.legend} aria-label="Tiers">
        {[...shades].map(([tier, shade]) => (
          <li key={tier}>
            <span className={classes.swatch} data-shade={shade} aria-hidden="true">{tier}</span>
            {tierText(tiers, tier)}
          </li>
        ))}
        {mixed && (
          <li>
            <span className={classes.swatch} data-mixed="true" aria-hidden="true" />
            changes within the hour
          </li>
        )}
      </ul>
    </div>
  );
}

function DayGrid({ grid, tiers, shades }: { readonly grid: CalendarGrid; readonly tiers: readonly TierName[]; readonly shades: ReadonlyMap<number, number> }): JSX.Element {
  const [place, setPlace] = useState<Place>();
  const hatch = useId();
  const day = dayTypeNames[grid.dayType];
  const under = place === undefined ? undefined : grid.cells[place.month]?.[place.hour];

  const move = (event: KeyboardEvent): void => {
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setPlace((from = { month: 0, hour: 0 }) => ({ month: (from.month + by.month + 12) % 12, hour: (from.hour + by.hour + 24) % 24 }));
  };

  return (
    <figure className={classes.day}>
      <figcaption className={classes.caption}>
        <span className={classes.name}>{day}</span>
        <output className={classes.reading}>
          {place !== undefined && under !== undefined && `${months[place.month]} ${hourText(place.hour)}–${hourText(place.hour + 1)} · ${tierText(tiers, under.tier)}${under.mixed ? ", changes within the hour" : ""}`}
        </output>
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the picture takes arrow keys, and no widget role means that */}
      <svg
        className={classes.drawing}
        viewBox={`0 0 ${drawing.width} ${drawing.height}`}
        role="group"
        aria-label={`${day}: tier by month and hour; arrow keys read one hour`}
        data-day={grid.dayType}
        tabIndex={0}
        onKeyDown={move}
        onFocus={() => setPlace((from) => from ?? { month: 0, hour: 0 })}
        onBlur={() => setPlace(undefined)}
        onPointerLeave={() => setPlace(undefined)}
      >
        <defs>
          <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0V5" className={classes.hatch} />
          </pattern>
        </defs>
        {Array.from({ length: 8 }, (_, index) => index * 3).map((hour) => (
          <text key={hour} x={left + hour * cell.width} y={top - 4} className={classes.axis} aria-hidden="true">{hour}</text>
        ))}
        {grid.cells.map((row, month) => {
          const y = top + month * cell.height;
          return (
            <g key={months[month]} data-month={month + 1}>
              <title>{`${months[month]}: ${monthText(row, tiers)}`}</title>
              <text x={0} y={y + cell.height - 4.5} className={classes.axis} aria-hidden="true">{months[month]?.slice(0, 3)}</text>
              {row.map((each, hour) => (
                <g key={hour} data-hour={hour} data-tier={each.tier} onPointerEnter={() => setPlace({ month, hour })}>
                  <rect x={left + hour * cell.width} y={y} width={cell.width - cell.gap} height={cell.height - cell.gap} className={classes.cell} data-shade={shades.get(each.tier)} />
                  {each.mixed && <rect x={left + hour * cell.width} y={y} width={cell.width - cell.gap} height={cell.height - cell.gap} fill={`url(#${hatch})`} />}
                </g>
              ))}
            </g>
          );
        })}
        {monthGroups(grid.cells).flatMap((group) =>
          group.runs.map((run) => (
            <text
              key={`${group.from} ${run.from}`}
              x={left + middle(run) * cell.width + (cell.width - cell.gap) / 2}
              y={top + (middle(group) + 1) * cell.height - 5}
              className={classes.digit}
              data-shade={shades.get(run.tier)}
              aria-hidden="true"
            >
              {run.tier}
            </text>
          )),
        )}
        {place !== undefined && (
          <rect x={left + place.hour * cell.width - 1} y={top + place.month * cell.height - 1} width={cell.width + 1} height={cell.height + 1} className={classes.cursor} />
        )}
      </svg>
      <div className={classes.words}>
        <table>
          <caption>{`${day}, tier by month`}</caption>
          <tbody>
            {grid.cells.map((row, month) => (
              <tr key={months[month]}>
                <th scope="row">{months[month]}</th>
                <td>{monthText(row, tiers)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
