// The page of `fovea compare`: figures of runs side by side with their intervals, the settings that differ, and which is better
// on the images that both were tested on.
import type { ComparisonFacts, FigureDifferenceFacts, RunPairFacts } from "../comparison-facts.js";
import { chance, metric, whole } from "../format.js";
import { type Content, type Html, html } from "./html.js";
import { className, page, type RenderedPage, type Section, table } from "./parts.js";

/**
 * Draws the page of compared runs; self-contained, as `renderRunPage`'s is.
 * @param facts The runs side by side.
 * @example
 * const figures = (value) => [{ key: "accuracy", title: "Accuracy", value, interval: [value - 0.05, value + 0.05] }];
 * const run = (name, value) => ({ name, task: "classification", tested: 300, figures: figures(value) });
 * const { html } = await renderRunsComparisonPage({ createdBy: "Fovea", runs: [run("cnn", 0.91), run("mlp", 0.85)], pairs: [] });
 */
export async function renderRunsComparisonPage(facts: ComparisonFacts): Promise<RenderedPage> {
  const { runs, pairs, createdBy } = facts;
  return {
    html: await page({
      title: runs.map(({ name }) => name).join(" · "),
      createdBy,
      kind: "comparison of runs",
      head: html`${pairs.map(({ verdict }) => html`<p>So <bdi>${verdict}</bdi>.</p>`)}`,
      sections: [
        { id: "figures", title: "Test figures", body: figures(facts) },
        ...pairs.map(
          (pair, at): Section => ({
            id: `pair-${at + 1}`,
            title: `${pair.second} against ${pair.first}`,
            body: pairOf(pair),
          }),
        ),
      ],
    }),
    charts: [],
  };
}

/** A row a figure, a column a run. */
function figures({ runs }: ComparisonFacts): Html {
  const titles = new Map(runs.flatMap((run) => run.figures.map(({ key, title }) => [key, title] as const)));
  const cell = (run: ComparisonFacts["runs"][number], wanted: string): Content => {
    const figure = run.figures.find(({ key }) => key === wanted);
    if (figure === undefined) return "";
    const { value, interval } = figure;
    return interval === undefined
      ? metric(value)
      : html`${metric(value)} <small>${metric(interval[0])} to ${metric(interval[1])}</small>`;
  };
  return html`${table(
    "Test figures of each run",
    [{ head: "figure" }, ...runs.map(({ name }) => ({ head: className(name), number: true }))],
    [
      ["test images", ...runs.map(({ tested }) => whole(tested))],
      ...[...titles].map(([key, title]) => [title, ...runs.map((run) => cell(run, key))]),
    ],
  )}
<p class="muted after">Small figures are intervals of 95 %. Intervals that overlap do not say that runs are equal: the paired comparison below is sharper.</p>`;
}

function pairOf({ settings, figures: differences, shared, tested, groups, mcnemar, verdict }: RunPairFacts): Html {
  const of = tested.every((count) => count === shared) ? "" : ` of ${whole(tested[0])} and ${whole(tested[1])}`;
  return html`<p>So <bdi>${verdict}</bdi>.</p>
${
  mcnemar !== undefined &&
  html`<p>${whole(mcnemar.secondOnly)} images are right only by the second, ${whole(mcnemar.firstOnly)} only by the first; McNemar's exact p: ${chance(mcnemar.pValue)}${
    mcnemar.adjusted !== undefined && `, with all comparisons counted ${chance(mcnemar.adjusted)} (Holm)`
  }.</p>`
}
${shared > 0 && html`<p class="muted">Intervals of 95 % are by the bootstrap${groups !== undefined && ` of ${whole(groups)} groups`}, on the ${whole(shared)} test images that both were judged by${of}. Figures without one are of all test images of each.</p>`}
${
  differences.length > 0 &&
  table(
    "Differences of figures",
    [
      { head: "figure" },
      ...["first", "second", "difference", "95% interval"].map((head) => ({ head, number: true })),
      { head: "better" },
    ],
    differences.map((figure) => [
      figure.title,
      metric(figure.first),
      metric(figure.second),
      signed(figure.difference),
      figure.low === undefined ? "" : `${signed(figure.low)} to ${signed(figure.high!)}`,
      betterOf(figure),
    ]),
  )
}
<h3>Settings that differ</h3>
${
  settings.length === 0
    ? html`<p>None: their recipes are the same.</p>`
    : table(
        "Settings that differ",
        [{ head: "setting" }, { head: "first" }, { head: "second" }],
        settings.map(({ setting, first, second }) => [setting, className(first), className(second)]),
      )
}`;
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${metric(Math.abs(value))}`;

function betterOf({ difference, direction, low, high }: FigureDifferenceFacts): string {
  if (difference === 0) return "";
  const better = difference > 0 === (direction === "up") ? "second" : "first";
  return low !== undefined && low <= 0 && high! >= 0 ? `${better}, or chance` : better;
}
