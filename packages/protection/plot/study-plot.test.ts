import { expect, test } from "vitest";
import { fourHomesStudy } from "../testing/four-homes.ts";
import { grid, pixelOf } from "./log-axes.ts";
import { studyCurves } from "./study-curves.ts";
import { studyPlot } from "./study-plot.ts";
import { element, escaped, path, text } from "./svg.ts";

test("markup in a text stays text, and characters that XML cannot hold are left out", () => {
  expect(escaped(`<a b="c">&'</a>`)).toBe("&#60;a b=&#34;c&#34;&#62;&#38;&#39;&#60;/a&#62;");
  expect(escaped("a\u0000b\u001bc\uFFFE")).toBe("abc");
  expect(element("text", { x: 1.234, fill: `"/><script>`, y: undefined }, text("</text>")).markup).toBe('<text x="1.2" fill="&#34;/&#62;&#60;script&#62;">&#60;/text&#62;</text>');
  expect(path([[0, 1], [2.25, 3]], true)).toBe("M0 1L2.3 3Z");
});

test("[OCP-3] the plot names every device, shades margins, and tells what the check found to those who do not see it", () => {
  const svg = studyPlot(fourHomesStudy());
  for (const name of ["main breaker, latest opening", "meter breaks, to 200 A", "fuse link T, minimum melt", "75 % of minimum melt", "transformer fuse, total clearing", "shot 1: recloser A (fast)", "shot 2: recloser D (delayed)", "cold-load pickup of a home"]) expect(svg).toContain(`>${name}<`);
  expect(svg.match(/class="margin" d=/g)).toHaveLength(2);
  expect(svg).toMatch(/<desc id="plot-description">Curves of .* The check finds them coordinated\. .*vacuous: /);
  for (const [name, title] of [["nothing is sure", "200 A to 1,350 A: nothing is sure to clear it"], ["sectionalizes", "3,000 A to 6,573 A: the meter opens in the recloser&#39;s dead time"]]) {
    expect(svg).toContain(`>${name}<`);
    expect(svg).toContain(`<title>${title}</title>`);
  }
  expect(svg).toContain("prefers-color-scheme:dark");
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test("[OCP-3] a hostile title cannot leave its place", () => {
  const svg = studyPlot(fourHomesStudy({ title: `</title><script>alert(1)</script>` }));
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&#60;script&#62;");
});

test("curves stand where they belong: a decade is a decade, and a referred trip is at its amperes at the meter", () => {
  const axis = { firstDecade: 1, lastDecade: 4, fromPixel: 100, toPixel: 400 };
  expect([10, 100, 1000, 1e9].map((value) => pixelOf(axis, value))).toEqual([100, 200, 300, 400]);
  expect(grid(axis, axis, { x: "x", y: "y" }).filter(({ markup }) => markup.includes('class="decade"'))).toHaveLength(8);
  const fast = studyCurves(fourHomesStudy()).find(({ name }) => name.startsWith("shot 1"));
  // Trip 100 A at the primary, 30 to one; .15 s there.
  expect(fast?.points[0]).toEqual([expect.closeTo(3000, 6), expect.closeTo(0.15, 9)]);
});

test("[OCP-3] a self-protected transformer and a meter without elements are drawn too", () => {
  const svg = studyPlot(fourHomesStudy({ "transformer.protection": { kind: "secondary-breaker", ratedAmperes: 400, earliest: "main-breaker" }, "meter.setting.overcurrent": [] }));
  expect(svg).toContain(">the transformer&#39;s own breaker<");
  expect(svg).not.toMatch(/NaN|Infinity/);
});
