// The page of `fovea monitor`: alarms in words, all tests with their probabilities, and how answers and photos differ from
// those that the run was tested on.
import { bars } from "../charts/histogram-bars.js";
import type { Chart } from "../charts/render.js";
import { COLORS } from "../charts/theme.js";
import { chance, percent, whole } from "../format.js";
import { histogram, rangeOf } from "../histogram.js";
import { type DriftNumbersFacts, type MonitorFacts, stabilityBand } from "../monitor-facts.js";
import { type Content, capital, type Html, html } from "./html.js";
import { className, Figures, page, type RenderedPage, type Section, table } from "./parts.js";

const BINS = 24;
/** So many classes are listed, those whose shares differ most. */
const MOST_SHARES = 20;

/**
 * Draws the page of a monitoring; self-contained, as `renderRunPage`'s is.
 * @param facts The comparison.
 * @example
 * const { html, charts } = await renderMonitorPage({
 *   ...{ run: "pets", source: "photos", createdBy: "Fovea", part: "test", reference: 300, images: 120, failed: 0, level: 0.05 },
 *   ...{ tests: [], shares: [{ name: "cat", before: 0.4, now: 0.1 }], notes: ["photos have no labels"] },
 *   numbers: [{ name: "brightness", title: "Brightness", before: [90, 110, 120], now: [60, 64, 70] }],
 * });
 */
export async function renderMonitorPage(facts: MonitorFacts): Promise<RenderedPage> {
  const { source, createdBy, shares, numbers } = facts;
  const charts = numbers.flatMap(chartOf);
  const figures = await Figures.draw(charts);
  const drawn: readonly Section[] = [
    {
      id: "distributions",
      title: "Distributions",
      body: html`<p class="muted">Of samples of at most two thousand images; both areas have the same size.</p>
<div class="charts">${charts.map(({ name }) => figures.show(name))}</div>`,
    },
  ];
  return {
    html: await page({
      title: source,
      createdBy,
      kind: "monitoring",
      head: headline(facts),
      sections: [
        { id: "alarms", title: "Alarms", body: alarms(facts) },
        { id: "tests", title: "Tests", body: tests(facts) },
        ...(shares.length > 0 ? [{ id: "answers", title: "Answers", body: answers(facts) }] : []),
        ...(charts.length > 0 ? drawn : []),
      ],
    }),
    charts: await figures.files(),
  };
}

function chartOf({ name, title, before, now }: DriftNumbersFacts): Chart[] {
  if (before.length === 0 || now.length === 0) return [];
  const range = rangeOf(before, now);
  const series = [
    { name: "before", histogram: histogram(before, BINS, range), color: COLORS.series[0] },
    { name: "now", histogram: histogram(now, BINS, range), color: COLORS.series[1] },
  ];
  return [bars({ name, title, x: title.toLowerCase(), y: "density", series, density: true })];
}

function headline({ tests: made, images, reference, accuracy, run }: MonitorFacts): Html {
  const rows: (readonly [string, Content])[] = [
    ["alarms", whole(made.filter(({ isAlarm }) => isAlarm).length)],
    ["tests", whole(made.length)],
    ["images now", whole(images)],
    ["images before", whole(reference)],
    ...(accuracy === undefined ? [] : [["right now", percent(accuracy.share)] as const]),
  ];
  return html`<p>Compared with the test images of <bdi>${run}</bdi>.</p>
<dl class="headline">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function alarms({ tests: made, level, failed, notes, accuracy }: MonitorFacts): Html {
  const raised = made.filter(({ isAlarm }) => isAlarm).map(({ told }) => html`<li><bdi>${told}</bdi></li>`);
  return html`${raised.length === 0 ? html`<p>None: nothing differs by more than chance explains.</p>` : html`<ul>${raised}</ul>`}
<p class="muted">Where nothing has changed, ${percent(level)} of such comparisons have an alarm.</p>
${
  accuracy !== undefined &&
  html`<p>Of ${whole(accuracy.images)} new images with labels ${percent(accuracy.share)} are answered rightly (95% interval ${percent(accuracy.low)} to ${percent(accuracy.high)}).</p>`
}${failed > 0 && html`<p>${whole(failed)} images have no answer and are left out.</p>`}${notes.map((note) => html`<p><bdi>${capital(note)}.</bdi></p>`)}`;
}

function tests({ tests: made }: MonitorFacts): Html {
  return html`${table(
    "Tests of drift",
    [
      { head: "test" },
      { head: "before", number: true },
      { head: "now", number: true },
      { head: "method" },
      { head: "size", number: true },
      { head: "p", number: true },
      { head: "p, all tests counted", number: true },
      { head: "alarm" },
    ],
    made.map((test) => [
      className(test.title),
      className(test.before),
      className(test.now),
      test.method,
      `${test.measure} ${Number(test.effect.toPrecision(3))}`,
      chance(test.p),
      chance(test.adjusted),
      test.isAlarm ? html`<strong>alarm</strong>` : "",
    ]),
  )}
<p class="muted after">Numbers before and now are medians, or the commonest names. All tests are counted together by Benjamini and Hochberg's procedure. A test says whether chance explains a difference, its size whether it matters.</p>`;
}

function answers({ shares, stability, images, reference }: MonitorFacts): Html {
  const part = (count: number, all: number): number => (all === 0 ? 0 : count / all);
  const sorted = shares
    .map((share) => ({ ...share, change: part(share.now, images) - part(share.before, reference) }))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const more = sorted.length - MOST_SHARES;
  return html`${
    stability !== undefined &&
    html`<p>The population stability index is ${stability.toFixed(3)}, ${stabilityBand(stability)}. These bands are a habit of scorecards and no test: chance alone passes them where images are few.</p>`
  }
${table(
  "Shares of answers",
  [{ head: "answer" }, ...["before", "now", "change"].map((head) => ({ head, number: true }))],
  sorted
    .slice(0, MOST_SHARES)
    .map(({ name, before, now, change }) => [
      className(name),
      `${percent(part(before, reference))} (${whole(before)})`,
      `${percent(part(now, images))} (${whole(now)})`,
      `${change >= 0 ? "+" : "−"}${(100 * Math.abs(change)).toFixed(1)} points`,
    ]),
)}${more > 0 && html`<p class="muted after">${whole(more)} more differ less.</p>`}`;
}
