// The page that compares studies of the same thing, a grid and random search for one: how quickly each came to its best, and
// which values of each parameter it tried.
import { type Chart, renderSvg } from "../charts/render.js";
import type { ParameterAxis } from "../charts/study/axis.js";
import { sideBySide } from "../charts/study/comparison.js";
import { panelsOf } from "../charts/study/pairs.js";
import { axesOf } from "../charts/study/parameters.js";
import { countTried, valuesTried } from "../charts/study/values-tried.js";
import { standaloneSvg } from "../fonts/embed.js";
import { trialMetric, whole } from "../format.js";
import type { ParameterFacts, StudyFacts } from "../study-facts.js";
import { html } from "./html.js";
import { Figures, page, type RenderedPage, type Section, table } from "./parts.js";

const MOST_PARAMETERS = 12;

/**
 * Draws the comparison of at least two studies with the same objective.
 * @returns the page, which needs no other file and no network, and each of its charts as an SVG file.
 */
export async function renderComparisonPage(studies: readonly [StudyFacts, ...StudyFacts[]]): Promise<RenderedPage> {
  const [first, ...rest] = studies;
  const axes = axesOf({ ...first, space: widestSpace(studies) }).slice(0, MOST_PARAMETERS);
  const pair = panelAxes(studies, axes);
  const charts = [
    sideBySide({ ...first, beside: rest }),
    pair && panelsOf(studies, ...pair),
    ...valuesTried(studies, axes),
  ].filter((chart) => chart !== undefined);
  const figures = await Figures.draw(charts);
  const section = (id: string, title: string, prefix: string, text: string, className = "full"): Section => ({
    id,
    title,
    body: html`<p class="muted">${text}</p><div class="charts">${figures.show(prefix, className)}</div>`,
  });
  return {
    html: await page({
      title: studies.map(({ name }) => name).join(" and "),
      createdBy: first.createdBy,
      kind: "studies compared",
      head: summary(studies, axes),
      sections: [
        section("best", "Best value by trials", "beside", "The best value so far after each trial."),
        ...(pair === undefined
          ? []
          : [
              section(
                "points",
                "Points in two parameters",
                "panels",
                "The trials of each study over the same two parameters; the best is ringed. Marks at the edges are the values tried of each parameter.",
              ),
            ]),
        section("axes", "Points on each axis", "tried", "Each trial by its value of one parameter.", ""),
      ],
    }),
    charts: await figures.files(),
  };
}

/** The picture alone: the best value by trials, and under it the points in two parameters. */
export async function comparisonPicture(studies: readonly [StudyFacts, ...StudyFacts[]]): Promise<string> {
  const [first, ...rest] = studies;
  const pair = panelAxes(studies, axesOf({ ...first, space: widestSpace(studies) }));
  const parts = [sideBySide({ ...first, beside: rest }), pair && panelsOf(studies, ...pair)];
  const specs = parts.flatMap((chart) => (chart === undefined ? [] : [inPicture(chart)]));
  return standaloneSvg(await renderSvg({ name: "compared", spec: { vconcat: specs, spacing: 40 } }));
}

type Part = Extract<Chart["spec"], { vconcat: unknown }>["vconcat"][number];

/** A chart as a part of another, which alone says how it fits its size. */
function inPicture({ spec }: Chart): Part {
  const { autosize: _, ...part } = spec as Chart["spec"] & { readonly autosize?: unknown };
  return part as Part;
}

/** Of each parameter what any of the studies has: ranges from the lowest to the highest, all choices. */
function widestSpace(studies: readonly StudyFacts[]): StudyFacts["space"] {
  const space = new Map<string, ParameterFacts>();
  for (const study of studies)
    for (const [name, parameter] of Object.entries(study.space)) {
      const before = space.get(name);
      space.set(name, before === undefined ? parameter : widest(before, parameter));
    }
  return Object.fromEntries(space);
}

function widest(a: ParameterFacts, b: ParameterFacts): ParameterFacts {
  if (a.type === "categorical" || b.type === "categorical") {
    const choicesOf = (parameter: ParameterFacts) => (parameter.type === "categorical" ? parameter.choices : []);
    return { type: "categorical", choices: [...new Set([...choicesOf(a), ...choicesOf(b)])] };
  }
  return { ...a, low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

/** The two axes that show most: of which most different values were tried. */
function panelAxes(
  studies: readonly StudyFacts[],
  axes: readonly ParameterAxis[],
): readonly [ParameterAxis, ParameterAxis] | undefined {
  const tried = (axis: ParameterAxis): number => Math.max(...studies.map((facts) => countTried(facts, axis.name)));
  const [x, y] = [...axes].sort((a, b) => tried(b) - tried(a));
  return x === undefined || y === undefined ? undefined : [x, y];
}

function summary(studies: readonly StudyFacts[], axes: readonly ParameterAxis[]) {
  const columns = [
    { head: "study" },
    { head: "trials", number: true },
    { head: `best ${studies[0]!.objectives[0]}`, number: true },
    ...axes.map(({ name }) => ({ head: `values of ${name}`, number: true })),
  ];
  const rows = studies.map((facts) => {
    const best = facts.trials.find(({ number }) => number === facts.best[0]);
    return [
      facts.name,
      whole(facts.trials.length),
      best === undefined ? "" : trialMetric(best.values?.[0] ?? Number.NaN),
      ...axes.map(({ name }) => whole(countTried(facts, name))),
    ];
  });
  return table("Studies", columns, rows);
}
